"""Records for data catalogues: the same in each format, and complete for what DCAT-AP.de 3.0 asks for.

What is mandatory: Releases/DCAT-AP.de V3.0/spec/03_overview_table.md and spec/shacl of
https://github.com/GovDataOfficial/DCAT-AP.de, and the conventions 1, 12, 22, 30, 32, 35, 36 and 39 that its examples
name. Which addresses are used: spec/05_vocabularies.md there.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, XSD
from rdflib.term import Node

from participation.exports.models import ReleaseState
from participation.exports.opendata.queries import FileView, Releases, ReleaseView
from participation.exports.opendata.records import (
    ADMS,
    DCATAP,
    DCATDE,
    FORMATS,
    SPDX,
    VCARD,
    VERSION,
    Catalogue,
    Dataset,
    Publisher,
    catalogue_record,
    process_record,
    serialised,
)
from participation.processes.models import DataLicence, PhaseKind, ProcessState
from participation.processes.outline import PhaseOutline, ProcessOutline

BUILT_AT = datetime(2026, 5, 3, 12, 30, 15, 999, tzinfo=UTC)
HERE = "https://example.org/de/processes/strategy/data"
MANDATORY = {
    DCAT.Catalog: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher),
    DCAT.Dataset: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCATDE.contributorID),
    DCAT.Distribution: (
        DCAT.accessURL,
        DCTERMS.license,
        ADMS.status,
        DCATDE.licenseAttributionByText,
        DCAT.downloadURL,
    ),
    DCAT.DataService: (DCAT.endpointURL, DCTERMS.title, DCTERMS.publisher),
    DCAT.CatalogRecord: (DCTERMS.modified, FOAF.primaryTopic),
    FOAF.Agent: (FOAF.name,),
    VCARD.Kind: (VCARD.hasEmail,),
    SPDX.Checksum: (SPDX.algorithm, SPDX.checksumValue),
    DCTERMS.PeriodOfTime: (DCAT.startDate,),
}
RECOMMENDED = {
    DCAT.Catalog: (
        *(DCTERMS.issued, DCTERMS.modified, DCTERMS.language, FOAF.homepage, DCAT.themeTaxonomy, DCTERMS.spatial),
        DCAT.dataset,
    ),
    DCAT.Dataset: (
        *(DCAT.keyword, DCATDE.politicalGeocodingLevelURI, DCATDE.politicalGeocodingURI, DCAT.theme, DCAT.contactPoint),
        *(DCATAP.availability, DCTERMS.spatial, DCTERMS.temporal, DCAT.distribution, DCTERMS.issued, DCTERMS.modified),
        DCTERMS.language,
    ),
    DCAT.Distribution: (DCTERMS.title, DCTERMS.modified, DCTERMS["format"], DCATAP.availability, SPDX.checksum),
}
AT_MOST_ONE = (
    *(DCTERMS.publisher, DCTERMS.issued, DCTERMS.modified, DCTERMS.accrualPeriodicity, DCATAP.availability),
    *(DCTERMS.license, DCTERMS["format"], DCAT.byteSize, ADMS.status, SPDX.checksum, VCARD.fn, FOAF.primaryTopic),
    *(DCAT.mediaType, DCAT.packageFormat, SPDX.algorithm, SPDX.checksumValue, DCAT.startDate, DCAT.endDate),
)
PUBLISHER = Publisher(
    name="City of Dortmund",
    email="team@example.org",
    phone="0231 50-0",
    url="https://example.org/de/",
    city="Dortmund",
    ags="05913000",
    contributor="http://dcat-ap.de/def/contributors/example",
)


def outline(slug: str = "strategy", **changes: object) -> ProcessOutline:
    words = {"de": "Unsere Strategie", "en": "Our strategy <\x07&>", "ar": "استراتيجيتنا"}
    phase = PhaseOutline(
        id=1,
        kind=PhaseKind.VOTE,
        title=words,
        description={},
        starts_at=BUILT_AT - timedelta(days=30),
        ends_at=BUILT_AT + timedelta(days=30),
        allows=frozenset(),
        review_first=False,
    )
    process = ProcessOutline(
        id=1,
        slug=slug,
        framework_id=1,
        state=ProcessState.PUBLISHED,
        title=words,
        question=words,
        summary={"de": "Was soll sich ändern?"},
        advice={},
        next_step={},
        licence={},
        hides_results=False,
        version=1,
        phases=(phase,),
    )
    return replace(process, **changes)  # type: ignore[arg-type]  # fields of the outline


def dataset(slug: str = "strategy", *, has_release: bool = True, **changes: object) -> Dataset:
    files = tuple(
        FileView(name=name, bytes=5, sha256="ab" * 32, media=media, rows=rows)
        for name, media, rows in (
            ("ideas.csv", "text/csv", 3),
            ("ideas.jsonl", "application/x-ndjson", 3),
            ("README.md", "text/markdown", None),
            (f"{slug}-2.zip", "application/zip", None),
        )
    )
    current = ReleaseView(
        public_id="x",
        number=2,
        state=ReleaseState.CURRENT,
        built_at=BUILT_AT,
        ended_at=None,
        is_offered=True,
        files=files,
    )
    first = BUILT_AT - timedelta(days=9)
    offered = Releases(current=current, earlier=(), is_building=False, first_at=first)
    none = Releases(current=None, earlier=(), is_building=True, first_at=None)
    return Dataset(
        process=outline(slug, **changes),
        releases=offered if has_release else none,
        url=f"https://example.org/de/processes/{slug}/data",
        file_url=lambda number, name: f"https://example.org/de/processes/{slug}/data/{number}/{name}",
    )


def catalogue(*datasets: Dataset) -> Graph:
    all_of_it = Catalogue(
        url="https://example.org/de/data",
        datasets=datasets,
        service_url="https://example.org/api/v1",
        service_description="https://example.org/api/v1/openapi.json",
        languages=("de", "en", "ar"),
    )
    return catalogue_record(all_of_it, PUBLISHER)


def lacking(graph: Graph, wanted: dict[URIRef, tuple[URIRef, ...]]) -> list[tuple[Node, URIRef]]:
    """Return what each thing in the graph lacks; every kind of thing must be there at all."""
    missing = []
    for kind, properties in wanted.items():
        things = list(graph.subjects(RDF.type, kind))
        assert things, kind
        missing += [(thing, one) for thing in things for one in properties if (thing, one, None) not in graph]
    return missing


def said(graph: Graph, thing: str, what: URIRef) -> set[str]:
    return {str(value) for value in graph.objects(URIRef(thing), what)}


def of_kind(wanted: dict[URIRef, tuple[URIRef, ...]], kinds: Iterable[URIRef]) -> dict[URIRef, tuple[URIRef, ...]]:
    return {kind: wanted[kind] for kind in kinds if kind in wanted}


# The library's own reader of JSON-LD still uses it.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("ending", FORMATS)
def test_a_record_is_complete_and_the_same_in_each_format(ending: str) -> None:
    formats = {"rdf": "xml", "ttl": "turtle", "jsonld": "json-ld"}
    of_all, of_one = catalogue(dataset()), process_record(dataset(), PUBLISHER)
    in_one = set(MANDATORY) - {DCAT.Catalog, DCAT.DataService, DCAT.CatalogRecord}
    for graph, kinds in ((of_all, set(MANDATORY)), (of_one, in_one)):
        parsed = Graph().parse(data=serialised(graph, ending), format=formats[ending])
        assert isomorphic(parsed, graph)
        assert lacking(parsed, of_kind(MANDATORY, kinds)) == []
        assert lacking(parsed, of_kind(RECOMMENDED, kinds)) == []
        several = [
            (subject, one)
            for one in AT_MOST_ONE
            for subject in set(parsed.subjects(one))
            if len(list(parsed.objects(subject, one))) > 1
        ]
        assert several == []
        # Twice the same: what stays the same has one fingerprint.
        assert serialised(graph, ending) == serialised(
            catalogue(dataset()) if graph is of_all else process_record(dataset(), PUBLISHER), ending
        )


def test_values_are_those_of_the_vocabularies() -> None:
    graph = process_record(dataset(), PUBLISHER)
    node, file = f"{HERE}#dataset", f"{HERE}#ideas.csv"
    eu = "http://publications.europa.eu/resource/authority/"
    key = "http://dcat-ap.de/def/politicalGeocoding/municipalityKey/05913000"
    assert said(graph, node, DCAT.theme) == {f"{eu}data-theme/GOVE"}
    assert said(graph, node, DCTERMS.language) == {f"{eu}language/{code}" for code in ("DEU", "ENG", "ARA")}
    assert said(graph, node, DCATDE.politicalGeocodingURI) == said(graph, node, DCTERMS.spatial) == {key}
    assert said(graph, node, DCATDE.politicalGeocodingLevelURI) == {
        "http://dcat-ap.de/def/politicalGeocoding/Level/municipality"
    }
    assert set(graph.objects(URIRef(node), DCTERMS.title)) == {
        Literal("Offene Daten: Unsere Strategie", lang="de"),
        Literal("Open data: Our strategy <&>", lang="en"),
    }
    assert said(graph, node, DCTERMS.modified) == {"2026-05-03T12:30:15+00:00"}
    assert said(graph, node, DCTERMS.issued) == {"2026-04-24T12:30:15+00:00"}
    assert said(graph, file, DCAT.downloadURL) == said(graph, file, DCAT.accessURL) == {f"{HERE}/2/ideas.csv"}
    assert said(graph, file, DCTERMS.license) == {"http://dcat-ap.de/def/licenses/dl-by-de/2.0"}
    assert said(graph, file, DCTERMS["format"]) == {f"{eu}file-type/CSV"}
    assert said(graph, file, DCAT.mediaType) == {"https://www.iana.org/assignments/media-types/text/csv"}
    assert (URIRef(file), DCAT.byteSize, Literal(5, datatype=XSD.nonNegativeInteger)) in graph
    (checksum,) = graph.objects(URIRef(file), SPDX.checksum)
    assert (checksum, SPDX.algorithm, URIRef("http://spdx.org/rdf/terms#checksumAlgorithm_sha256")) in graph
    assert (checksum, SPDX.checksumValue, Literal("ab" * 32, datatype=XSD.hexBinary)) in graph
    assert set(graph.objects(predicate=VCARD.hasEmail)) == {URIRef("mailto:team@example.org")}
    assert set(graph.objects(predicate=VCARD.hasTelephone)) == {URIRef("tel:0231500")}
    # Only what holds data is a distribution.
    assert said(graph, node, DCAT.distribution) == {
        f"{HERE}#{name}" for name in ("ideas.csv", "ideas.jsonl", "strategy-2.zip")
    }
    free = process_record(dataset(data_licence=DataLicence.CC_BY), PUBLISHER)
    assert said(free, file, DCTERMS.license) == {"http://dcat-ap.de/def/licenses/cc-by/4.0"}


def test_what_is_not_known_is_left_out() -> None:
    nobody = replace(PUBLISHER, phone="", ags="", contributor="")
    graph = process_record(dataset(has_release=False, phases=()), nobody)
    absent = (
        *(DCATDE.contributorID, DCATDE.politicalGeocodingURI, DCTERMS.spatial, DCTERMS.temporal, DCTERMS.modified),
        *(DCTERMS.issued, DCAT.distribution, VCARD.hasTelephone, VERSION),
    )
    assert [one for one in absent if (None, one, None) in graph] == []
    rest = {
        kind: tuple(one for one in MANDATORY[kind] if one != DCATDE.contributorID)
        for kind in (DCAT.Dataset, FOAF.Agent, VCARD.Kind)
    }
    assert lacking(graph, rest) == []


def test_a_catalogue_names_all_data_and_the_interface() -> None:
    graph = catalogue(dataset("one"), dataset("two", has_release=False))
    node = "https://example.org/de/data#catalogue"
    names = {f"https://example.org/de/processes/{slug}/data#dataset" for slug in ("one", "two")}
    assert said(graph, node, DCAT.dataset) == names
    (service,) = graph.objects(URIRef(node), DCAT.service)
    assert {str(one) for one in graph.objects(service, DCAT.servesDataset)} == names
    assert len(list(graph.objects(URIRef(node), DCAT.record))) == 1
    assert lacking(catalogue(), {DCAT.Catalog: MANDATORY[DCAT.Catalog]}) == []
