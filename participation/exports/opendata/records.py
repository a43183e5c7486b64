"""Open data as catalogues know it: DCAT-AP.de 3.0 records of a process and of all of them.

The standard: https://www.dcat-ap.de/def/dcatde/3.0/spec/ with the conventions of GovData. Without a ``contributor``
(given out by GovData) a record is complete for every catalogue except GovData itself.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, XSD

from participation.exports.opendata.queries import FileView, Releases, ReleaseView
from participation.exports.opendata.words import keywords, languages, licence_of, said
from participation.exports.opendata.writing import CSV, JSONL
from participation.exports.writers.text import for_xml
from participation.kit.schema import Translated
from participation.multilingual import base_language, pick
from participation.processes.outline import ProcessOutline

ADMS = Namespace("http://www.w3.org/ns/adms#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
DCATDE = Namespace("http://dcat-ap.de/def/dcatde/")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
# New in DCAT 3, which the library does not know yet.
VERSION = URIRef("http://www.w3.org/ns/dcat#version")
EU = "http://publications.europa.eu/resource/authority/"
GEOCODING = "http://dcat-ap.de/def/politicalGeocoding/"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
PROFILE = URIRef("http://dcat-ap.de/def/dcatde/3.0/")
THEME = URIRef(f"{EU}data-theme/GOVE")
ZIP = "application/zip"
FILE_TYPES: Mapping[str, str] = MappingProxyType({CSV: "CSV", JSONL: "JSON", ZIP: "ZIP"})
# The EU's table of languages has codes of three letters (ISO 639-3).
LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "ar": "ARA", "bg": "BUL", "cs": "CES", "da": "DAN", "de": "DEU", "el": "ELL", "en": "ENG", "es": "SPA",
        "fa": "FAS", "fr": "FRA", "hr": "HRV", "it": "ITA", "ku": "KUR", "nl": "NLD", "pl": "POL", "pt": "POR",
        "ro": "RON", "ru": "RUS", "sq": "SQI", "sr": "SRP", "sv": "SWE", "ti": "TIR", "tr": "TUR", "uk": "UKR",
    }
)  # fmt: skip
_PREFIXES: Mapping[str, Namespace] = MappingProxyType(
    {"adms": ADMS, "dcatap": DCATAP, "dcatde": DCATDE, "spdx": SPDX, "vcard": VCARD}
)
FORMATS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "rdf": ("pretty-xml", "application/rdf+xml"),
        "ttl": ("turtle", "text/turtle"),
        "jsonld": ("json-ld", "application/ld+json"),
    }
)
"""By the ending of a record's address: what the library calls the format, and its media type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Who offers the data and how to reach them; ``ags`` is the municipality's official key, ``contributor`` an IRI."""

    name: str
    email: str
    phone: str
    url: str
    city: str
    ags: str
    contributor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """The open data of one process with the addresses under which it is found."""

    process: ProcessOutline
    releases: Releases
    url: str
    file_url: Callable[[int, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All open data of an installation; ``service_url`` and ``service_description`` are those of its interface."""

    url: str
    datasets: tuple[Dataset, ...]
    service_url: str
    service_description: str
    languages: tuple[str, ...]


def process_record(dataset: Dataset, publisher: Publisher) -> Graph:
    """Return the record of one process."""
    graph = _graph()
    _add_dataset(graph, dataset, publisher, _agent(graph, publisher))
    return graph


def catalogue_record(catalogue: Catalogue, publisher: Publisher) -> Graph:
    """Return the record of all processes with open data, and of the interface that serves them."""
    graph = _graph()
    agent, node = _agent(graph, publisher), URIRef(f"{catalogue.url}#catalogue")
    graph.add((node, RDF.type, DCAT.Catalog))
    _say(graph, node, DCTERMS.title, _in_words("catalogue.title", city=publisher.city))
    _say(graph, node, DCTERMS.description, _in_words("catalogue.text", city=publisher.city))
    graph.add((node, DCTERMS.publisher, agent))
    graph.add((node, FOAF.homepage, URIRef(catalogue.url)))
    graph.add((node, DCAT.themeTaxonomy, URIRef(f"{EU}data-theme")))
    _add_languages(graph, node, catalogue.languages)
    _add_place(graph, node, publisher)
    first = [dataset.releases.first_at for dataset in catalogue.datasets if dataset.releases.first_at]
    if first:
        graph.add((node, DCTERMS.issued, _moment(min(first))))
    latest = [dataset.releases.current.built_at for dataset in catalogue.datasets if dataset.releases.current]
    if latest:
        graph.add((node, DCTERMS.modified, _moment(max(latest))))
    for dataset in catalogue.datasets:
        resource = _add_dataset(graph, dataset, publisher, agent)
        graph.add((node, DCAT.dataset, resource))
        _add_entry(graph, node, dataset, resource)
    _add_service(graph, node, catalogue, agent)
    return graph


def serialised(graph: Graph, ending: str) -> str:
    """Return a record in the format of ``ending``; raises ``KeyError`` for another one."""
    kind = FORMATS[ending][0]
    if kind == "json-ld":
        return graph.serialize(format=kind, auto_compact=True, indent=2)
    return graph.serialize(format=kind)


def _graph() -> Graph:
    graph = Graph()
    for prefix, namespace in _PREFIXES.items():
        graph.bind(prefix, namespace)
    graph.bind("dcterms", DCTERMS)
    return graph


def _add_dataset(graph: Graph, dataset: Dataset, publisher: Publisher, agent: URIRef) -> URIRef:
    process, releases = dataset.process, dataset.releases
    node = URIRef(f"{dataset.url}#dataset")
    graph.add((node, RDF.type, DCAT.Dataset))
    titles = {language: said("title", language, process=pick(process.title, language)) for language in ("de", "en")}
    _say(graph, node, DCTERMS.title, titles)
    _say(graph, node, DCTERMS.description, _description(process, publisher))
    graph.add((node, DCTERMS.identifier, Literal(str(node))))
    graph.add((node, DCTERMS.publisher, agent))
    graph.add((node, DCTERMS.creator, agent))
    graph.add((node, DCAT.contactPoint, _contact(graph, publisher)))
    if publisher.contributor:
        graph.add((node, DCATDE.contributorID, URIRef(publisher.contributor)))
    graph.add((node, DCAT.theme, THEME))
    for language, words in keywords().items():
        for word in words:
            graph.add((node, DCAT.keyword, Literal(word, lang=language)))
    graph.add((node, DCAT.landingPage, URIRef(dataset.url)))
    graph.add((node, DCTERMS.accessRights, URIRef(f"{EU}access-right/PUBLIC")))
    graph.add((node, DCTERMS.accrualPeriodicity, URIRef(f"{EU}frequency/IRREG")))
    graph.add((node, DCATAP.availability, URIRef(f"{EU}planned-availability/AVAILABLE")))
    _add_place(graph, node, publisher)
    _add_geocoding(graph, node, publisher)
    _add_languages(graph, node, process.title)
    _add_period(graph, node, process)
    if releases.first_at:
        graph.add((node, DCTERMS.issued, _moment(releases.first_at)))
    if releases.current:
        graph.add((node, DCTERMS.modified, _moment(releases.current.built_at)))
        graph.add((node, VERSION, Literal(str(releases.current.number))))
        for file in releases.current.files:
            if file.rows is not None or file.media == ZIP:
                part = _distribution(graph, dataset, releases.current, file, publisher)
                graph.add((node, DCAT.distribution, part))
    return node


def _distribution(graph: Graph, dataset: Dataset, release: ReleaseView, file: FileView, publisher: Publisher) -> URIRef:
    url = URIRef(dataset.file_url(release.number, file.name))
    node, licence = URIRef(f"{dataset.url}#{file.name}"), licence_of(dataset.process.data_licence)
    graph.add((node, RDF.type, DCAT.Distribution))
    # Where data is only there to be downloaded, both are the address of the file (convention 39).
    graph.add((node, DCAT.accessURL, url))
    graph.add((node, DCAT.downloadURL, url))
    if file.media == ZIP:
        _say(graph, node, DCTERMS.title, _in_words("all_files"))
        graph.add((node, DCAT.packageFormat, URIRef(f"{MEDIA_TYPES}{ZIP}")))
    else:
        graph.add((node, DCTERMS.title, Literal(file.name)))
    graph.add((node, DCTERMS.license, URIRef(licence.uri)))
    attribution = said(
        "attribution",
        "de",
        operator=publisher.name,
        process=pick(dataset.process.title, "de"),
        url=dataset.url,
    )
    graph.add((node, DCATDE.licenseAttributionByText, Literal(for_xml(attribution), lang="de")))
    graph.add((node, DCTERMS["format"], URIRef(f"{EU}file-type/{FILE_TYPES[file.media]}")))
    if file.media != JSONL:
        # JSON Lines has no registered media type.
        graph.add((node, DCAT.mediaType, URIRef(f"{MEDIA_TYPES}{file.media}")))
    graph.add((node, DCAT.byteSize, Literal(file.bytes, datatype=XSD.nonNegativeInteger)))
    graph.add((node, DCTERMS.issued, _moment(release.built_at)))
    graph.add((node, DCTERMS.modified, _moment(release.built_at)))
    graph.add((node, DCATAP.availability, URIRef(f"{EU}planned-availability/AVAILABLE")))
    graph.add((node, ADMS.status, URIRef("http://purl.org/adms/status/Completed")))
    checksum = URIRef(f"{dataset.url}#{file.name}-checksum")
    graph.add((node, SPDX.checksum, checksum))
    graph.add((checksum, RDF.type, SPDX.Checksum))
    graph.add((checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256))
    graph.add((checksum, SPDX.checksumValue, Literal(file.sha256, datatype=XSD.hexBinary)))
    return node


def _add_entry(graph: Graph, catalogue: URIRef, dataset: Dataset, resource: URIRef) -> None:
    """Add what the catalogue says of its own entry, where there is data."""
    if dataset.releases.current is None:
        return
    entry = URIRef(f"{dataset.url}#record")
    graph.add((catalogue, DCAT.record, entry))
    graph.add((entry, RDF.type, DCAT.CatalogRecord))
    graph.add((entry, FOAF.primaryTopic, resource))
    graph.add((entry, DCTERMS.modified, _moment(dataset.releases.current.built_at)))
    graph.add((entry, DCTERMS.conformsTo, PROFILE))


def _add_service(graph: Graph, catalogue: URIRef, all_of_it: Catalogue, agent: URIRef) -> None:
    node = URIRef(f"{all_of_it.url}#interface")
    graph.add((catalogue, DCAT.service, node))
    graph.add((node, RDF.type, DCAT.DataService))
    _say(graph, node, DCTERMS.title, _in_words("interface"))
    graph.add((node, DCTERMS.publisher, agent))
    graph.add((node, DCAT.endpointURL, URIRef(all_of_it.service_url)))
    graph.add((node, DCAT.endpointDescription, URIRef(all_of_it.service_description)))
    for dataset in all_of_it.datasets:
        graph.add((node, DCAT.servesDataset, URIRef(f"{dataset.url}#dataset")))


def _agent(graph: Graph, publisher: Publisher) -> URIRef:
    node = URIRef(f"{publisher.url}#publisher")
    graph.add((node, RDF.type, FOAF.Agent))
    graph.add((node, FOAF.name, Literal(publisher.name)))
    graph.add((node, FOAF.homepage, URIRef(publisher.url)))
    graph.add((node, DCTERMS.type, URIRef("http://purl.org/adms/publishertype/LocalAuthority")))
    return node


def _contact(graph: Graph, publisher: Publisher) -> URIRef:
    node = URIRef(f"{publisher.url}#contact")
    graph.add((node, RDF.type, VCARD.Kind))
    graph.add((node, RDF.type, VCARD.Organization))
    graph.add((node, VCARD.fn, Literal(publisher.name)))
    graph.add((node, VCARD.hasEmail, URIRef(f"mailto:{publisher.email}")))
    if digits := "".join(character for character in publisher.phone if character in "+0123456789"):
        graph.add((node, VCARD.hasTelephone, URIRef(f"tel:{digits}")))
    return node


def _add_place(graph: Graph, node: URIRef, publisher: Publisher) -> None:
    if publisher.ags:
        place = URIRef(f"{GEOCODING}municipalityKey/{publisher.ags}")
        graph.add((node, DCTERMS.spatial, place))
        graph.add((place, RDF.type, DCTERMS.Location))


def _add_geocoding(graph: Graph, node: URIRef, publisher: Publisher) -> None:
    graph.add((node, DCATDE.politicalGeocodingLevelURI, URIRef(f"{GEOCODING}Level/municipality")))
    graph.add((node, DCATDE.geocodingDescription, Literal(publisher.city)))
    if publisher.ags:
        graph.add((node, DCATDE.politicalGeocodingURI, URIRef(f"{GEOCODING}municipalityKey/{publisher.ags}")))


def _add_period(graph: Graph, node: URIRef, process: ProcessOutline) -> None:
    if not process.phases:
        return
    period = URIRef(f"{node.removesuffix('#dataset')}#period")
    graph.add((node, DCTERMS.temporal, period))
    graph.add((period, RDF.type, DCTERMS.PeriodOfTime))
    graph.add((period, DCAT.startDate, Literal(min(one.starts_at for one in process.phases).date())))
    graph.add((period, DCAT.endDate, Literal(max(one.ends_at for one in process.phases).date())))


def _add_languages(graph: Graph, node: URIRef, languages: Iterable[str]) -> None:
    for language in languages:
        if code := LANGUAGES.get(base_language(language)):
            graph.add((node, DCTERMS.language, URIRef(f"{EU}language/{code}")))


def _description(process: ProcessOutline, publisher: Publisher) -> Translated:
    return {
        language: said(
            "description",
            language,
            process=pick(process.title, language),
            city=publisher.city,
            summary=pick(process.summary, language),
        ).strip()
        for language in languages()
    }


def _in_words(name: str, **values: object) -> Translated:
    return {language: said(name, language, **values) for language in languages()}


def _say(graph: Graph, node: URIRef, what: URIRef, texts: Translated) -> None:
    for language, text in texts.items():
        graph.add((node, what, Literal(for_xml(text), lang=language)))


def _moment(moment: datetime) -> Literal:
    return Literal(moment.replace(microsecond=0))
