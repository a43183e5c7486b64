"""Invented files in the layouts of other platforms."""

DECIDIM_PROPOSALS = """\
id;author/id;author/name;participatory_space/id;component/id;title/de;title/en;title/machine_translations/fr;body/de;\
body/en;address;latitude;longitude;state;reference;votes;published_at;url;is_amend;withdrawn
101;7;Igel;3;12;Mehr Bänke;;Plus de bancs;"<p>Im Park fehlen Bänke.</p><ul><li>am Teich</li>
<li>am <a href=""https://example.org/spielplatz"">Spielplatz</a></li></ul><script>alert(1)</script>";;Westpark 1;51.5;\
7.4;accepted;P-101;5;2026-03-02 10:11:12 UTC;https://decidim.example.org/f/12/proposals/101;false;false
102;8, 9;;3;12;;Free Wi-Fi;;;<p>Open networks in libraries.</p>;;51.51494;7.46600;;P-102;2;\
2026-03-03 10:11:12 +0100;javascript:alert(1);false;false
103;7;;3;12;Abgelehnt;;;Etwas anderes;;;;;rejected;P-103;0;2026-03-04 10:11:12 UTC;;false;false
104;7;;3;12;Zurück;;;Doch nicht;;;;;;P-104;0;2026-03-04 10:11:12 UTC;;false;true
105;7;;3;12;Anders;;;Geändert;;;;;;P-105;0;2026-03-04 10:11:12 UTC;;true;false
"""

DECIDIM_COMMENTS = """\
id;created_at;body;locale;author/id;author/name;alignment;depth;commentable_id;commentable_type;root_commentable_url
1;2026-03-05 09:00:00 UTC;Sehr gut.;de;9;;1;0;101;Decidim::Proposals::Proposal;https://decidim.example.org/f/12/proposals/101
2;2026-03-05 10:00:00 UTC;Danke!;de;7;;0;1;1;Decidim::Comments::Comment;https://decidim.example.org/f/12/proposals/101
3;2026-03-05 11:00:00 UTC;Wann?;de;7;;0;0;4;Decidim::Meetings::Meeting;https://decidim.example.org/f/13/meetings/4
"""

CONSUL_PROPOSALS = """\
id,title,description,external_url,cached_votes_up,comments_count,created_at,summary,author_id,author_email,hidden_at,\
retired_at,retired_reason
7,Limpiar las calles,<p>Calles limpias.</p><p>Cada día.</p>,,12,2,2015-09-15 10:50:19 UTC,Limpieza,u1,a@example.org,,,
8,Oculta,<p>No se ve.</p>,,0,0,2015-09-15 10:50:19 UTC,,u1,a@example.org,2015-09-16 10:00:00 UTC,,
9,Retirada,<p>Ya no.</p>,,0,0,2015-09-15 10:50:19 UTC,,u1,a@example.org,,2015-09-16 10:00:00 UTC,done
"""

CONSUL_DEBATES = """\
id,title,description,created_at,cached_votes_total,cached_votes_up,cached_votes_down,comments_count,author_id
7,¿Más árboles?,<p>Hablemos de árboles.</p>,2015-09-15 10:50:19 UTC,3,2,1,1,u2
"""

CONSUL_COMMENTS = """\
id,commentable_id,commentable_type,body,created_at,cached_votes_up,ancestry,user_id,hidden_at
31,7,Proposal,De acuerdo.,2015-09-16 10:50:19 UTC,3,,u3,
32,7,Debate,Sí.,2015-09-16 10:50:19 UTC,0,,u3,
33,7,Proposal,¿Por qué?,2015-09-17 10:50:19 UTC,0,31,u1,
34,7,Budget::Investment,Caro.,2015-09-17 10:50:19 UTC,0,,u1,
35,7,Proposal,Insulto.,2015-09-17 10:50:19 UTC,0,31/33,u1,2015-09-18 10:50:19 UTC
"""

ADHOCRACY_IDEAS = """\
Link,Titel,Beschreibung,Referenznummer,Kategorie,Urheber,Erstellt,Positive Bewertungen,Status
https://adhocracy.example.org/ideas/2026-00012/,Radweg,"Am Wall fehlt
ein Radweg.",2026-00012,Verkehr,igel,2026-02-03T10:11:12+01:00,4,
https://adhocracy.example.org/ideas/2026-00013/,Seilbahn,Über den Fluss.,2026-00013,Verkehr,igel,\
2026-02-03T10:11:12+01:00,1,nicht umgesetzt
"""

ADHOCRACY_COMMENTS = """\
ID,Kommentar,Erstellt,Link,Urheber,Positive Bewertungen,Antwort auf Kommentar,Reply to Reference
5,Ja bitte.,2026-02-04T10:11:12+01:00,https://adhocracy.example.org/ideas/2026-00012/?comment=5,biber,2,,2026-00012
6,Warum?,2026-02-05T10:11:12+01:00,https://adhocracy.example.org/ideas/2026-00012/?comment=6,igel,0,5,
"""

POLIS_COMMENTS = """\
timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1651071094558,x,0,5,1,0,1,Weniger Lärm in der Stadt
1651071094,x,1,6,1,0,0,Mehr Grün
1651071094,x,2,6,0,1,-1,Unfug
soon,x,3,6,0,0,0,Zu früh
"""

POLIS_VOTES = """\
timestamp,datetime,comment-id,voter-id,vote
1651071094558,x,0,0,1
1651071095,x,1,0,-1
1651071096,x,1,4,0
"""

POLIS_ACROSS = """\
participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1
0,0,1,2,1,1,1,-1
4,,0,1,0,0,,0
"""

FILES = {
    "decidim-proposals": DECIDIM_PROPOSALS,
    "decidim-comments": DECIDIM_COMMENTS,
    "consul-proposals": CONSUL_PROPOSALS,
    "consul-debates": CONSUL_DEBATES,
    "consul-comments": CONSUL_COMMENTS,
    "adhocracy-ideas": ADHOCRACY_IDEAS,
    "adhocracy-comments": ADHOCRACY_COMMENTS,
    "polis-comments": POLIS_COMMENTS,
    "polis-votes": POLIS_VOTES,
    "polis-participants-votes": POLIS_ACROSS,
}
"""One file for each layout."""
