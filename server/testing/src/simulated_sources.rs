//! Simulated sources: papers with a day of announcement, upvotes and stars that grow with the hours. Every answer is
//! a function of the request and the time, so a test can compute what a library must hold in the end.

use std::fmt::Write;

use domain::calendar::{announced_at, eastern_day, eastern_moment, has_listing};
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Time},
};

use super::upstream::{ReceivedRequest, Reply};

/// Records on one OAI page.
const PAGE: usize = 7;

/// A simulated paper.
#[derive(Debug, Clone)]
pub struct SimulatedPaper {
    /// From 0, in the order of announcement.
    pub number: usize,
    /// arXiv id.
    pub id: String,
    /// The day on which it is announced.
    pub listing: Date,
    /// The day on which its second version is announced, if it has one.
    pub replaced: Option<Date>,
    /// The day on which Hugging Face lists it.
    pub daily: Option<Date>,
    /// Whether it has a repository.
    pub code: bool,
    /// Its only category.
    pub category: &'static str,
}

/// The simulated sources.
#[derive(Debug, Clone)]
pub struct SimulatedSources {
    /// All papers, in the order of announcement.
    pub papers: Vec<SimulatedPaper>,
}

impl SimulatedSources {
    /// With `per_day` papers announced on each day from `first` to `last`.
    pub fn of(first: Date, last: Date, per_day: usize) -> Self {
        let mut papers = Vec::new();
        let mut day = first;
        while day <= last {
            if has_listing(day) {
                for index in 0..per_day {
                    let number = papers.len();
                    papers.push(SimulatedPaper {
                        number,
                        id: format!("{:02}{:02}.{:05}", day.year() % 100, day.month(), 1_000 + number),
                        listing: day,
                        replaced: (index % 5 == 0).then(|| next_listing(day)),
                        daily: (index % 3 == 0).then_some(day),
                        code: index % 4 == 0,
                        category: ["cs.LG", "cs.CL", "stat.ML"][index % 3],
                    });
                }
            }
            day = day.saturating_add(1.day());
        }
        Self { papers }
    }

    /// The name of the repository of a paper.
    pub fn repository(paper: &SimulatedPaper) -> String {
        format!("lab{}/code{}", paper.number % 7, paper.number)
    }

    /// The upvotes of a paper at a moment. They grow every three hours, faster for some papers.
    pub fn votes(paper: &SimulatedPaper, now: Timestamp) -> i64 {
        let Some(day) = paper.daily else { return 0 };
        let since = eastern_moment(day, Time::midnight());
        let hours = (now.as_second() - since.as_second()).max(0) / 3_600;
        1 + hours / 3 * (1 + paper.number as i64 % 5)
    }

    /// The stars of a paper at a moment.
    pub fn stars(paper: &SimulatedPaper, now: Timestamp) -> i64 {
        let hours = (now.as_second() - announced_at(paper.listing).as_second()).max(0) / 3_600;
        10 + hours / 6 * (paper.number as i64 % 4)
    }

    /// The version of a paper at a moment, and the day of its last change.
    fn version(paper: &SimulatedPaper, now: Timestamp) -> (u32, Date) {
        match paper.replaced.filter(|day| announced_at(*day) <= now) {
            Some(day) => (2, day),
            None => (1, paper.listing),
        }
    }

    /// Answers a request to any source.
    pub fn answer(&self, asked: &ReceivedRequest) -> Reply {
        let path = asked.path.split('?').next().unwrap_or_default();
        if path == "/oai" {
            self.oai(asked)
        } else if path.starts_with("/rss/") {
            conditional(asked, self.rss(asked.at))
        } else if path == "/api/daily_papers" {
            conditional(asked, self.daily(asked))
        } else if path == "/api/query" {
            self.atom(asked)
        } else if let Some(name) = path.strip_prefix("/repos/") {
            match self
                .papers
                .iter()
                .find(|paper| paper.code && Self::repository(paper) == name)
            {
                // One repository in nine is gone.
                Some(paper) if paper.number % 9 == 8 => Reply::status(404),
                Some(paper) => {
                    let body = format!(
                        r#"{{"full_name":"{name}","stargazers_count":{},"archived":{},"created_at":"{}","pushed_at":"{}"}}"#,
                        Self::stars(paper, asked.at),
                        paper.number % 8 == 4,
                        announced_at(paper.listing),
                        announced_at(paper.listing)
                    );
                    conditional(asked, body)
                }
                None => Reply::status(404),
            }
        } else {
            Reply::status(404)
        }
    }

    fn oai(&self, asked: &ReceivedRequest) -> Reply {
        let (set, from, offset) = match asked.parameter("resumptionToken") {
            Some(token) => {
                let mut parts = token.split('|');
                let mut next = || parts.next().unwrap_or_default().to_owned();
                (next(), next(), next().parse().unwrap_or(0))
            }
            None => (
                asked.parameter("set").unwrap_or_default(),
                asked.parameter("from").unwrap_or_default(),
                0_usize,
            ),
        };
        let from: Date = from.parse().expect("from is a day");
        let chosen: Vec<&SimulatedPaper> = self
            .papers
            .iter()
            .filter(|paper| announced_at(paper.listing) <= asked.at)
            .filter(|paper| Self::version(paper, asked.at).1 >= from)
            .filter(|paper| match set.as_str() {
                "cs" => paper.category.starts_with("cs."),
                "stat:stat:ML" => paper.category == "stat.ML",
                _ => false,
            })
            .collect();
        let mut xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<OAI-PMH xmlns=\"http://www.openarchives.org/OAI/2.0/\"><responseDate>{}</responseDate><request verb=\"ListRecords\">http://x</request>",
            asked.at.strftime("%Y-%m-%dT%H:%M:%SZ")
        );
        if chosen.is_empty() {
            xml.push_str("<error code=\"noRecordsMatch\">nothing</error></OAI-PMH>");
            return Reply::ok(xml);
        }
        xml.push_str("<ListRecords>");
        for paper in chosen.iter().skip(offset).take(PAGE) {
            let (version, changed) = Self::version(paper, asked.at);
            let submitted = announced_at(paper.listing)
                .saturating_sub(10.hours())
                .expect("a moment");
            let mut versions = format!(
                "<version version=\"v1\"><date>{}</date></version>",
                submitted.strftime("%a, %d %b %Y %H:%M:%S GMT")
            );
            if version == 2 {
                let _ = write!(
                    versions,
                    "<version version=\"v2\"><date>{}</date></version>",
                    announced_at(changed)
                        .saturating_sub(10.hours())
                        .expect("a moment")
                        .strftime("%a, %d %b %Y %H:%M:%S GMT")
                );
            }
            let code = if paper.code {
                format!("Code at https://github.com/{}.", Self::repository(paper))
            } else {
                String::new()
            };
            let _ = write!(
                xml,
                "<record><header><identifier>oai:arXiv.org:{id}</identifier><datestamp>{changed}</datestamp><setSpec>{set}</setSpec></header><metadata><arXivRaw xmlns=\"http://arxiv.org/OAI/arXivRaw/\"><id>{id}</id>{versions}<title>Paper {n} of this world</title><authors>Ada {n}, Emmy {n}</authors><categories>{c}</categories><license>http://creativecommons.org/licenses/by/4.0/</license><abstract>  Words number {n}. {code}\n</abstract></arXivRaw></metadata></record>",
                id = paper.id,
                n = paper.number,
                c = paper.category,
            );
        }
        let next = offset + PAGE;
        if next < chosen.len() {
            let _ = write!(xml, "<resumptionToken>{set}|{from}|{next}</resumptionToken>");
        } else if offset > 0 {
            xml.push_str("<resumptionToken/>");
        }
        xml.push_str("</ListRecords></OAI-PMH>");
        Reply::ok(xml)
    }

    /// The feed of the last announcement.
    fn rss(&self, now: Timestamp) -> String {
        let mut day = eastern_day(now);
        let weekend = !has_listing(day);
        if weekend {
            day = now.to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
        }
        let date = eastern_moment(day, Time::midnight()).to_zoned_datetime(domain::calendar::eastern());
        let date = date.strftime("%a, %d %b %Y %H:%M:%S %z").to_string();
        let mut xml = format!(
            "<?xml version='1.0' encoding='UTF-8'?><rss xmlns:arxiv=\"http://arxiv.org/schemas/atom\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" version=\"2.0\"><channel><title>x</title><pubDate>{date}</pubDate>"
        );
        let items = self.papers.iter().filter(|_| !weekend);
        for paper in items {
            let (kind, version) = if paper.listing == day {
                (
                    if paper.category == "stat.ML" {
                        "cross"
                    } else {
                        "new"
                    },
                    1,
                )
            } else if paper.replaced == Some(day) {
                ("replace", 2)
            } else {
                continue;
            };
            let _ = write!(
                xml,
                "<item><title>Paper {n} of this world</title><link>https://arxiv.org/abs/{id}</link><description>arXiv:{id}v{version} Announce Type: {kind} \nAbstract: Words number {n}.{code}</description><guid isPermaLink=\"false\">oai:arXiv.org:{id}v{version}</guid><category>{c}</category><pubDate>{date}</pubDate><arxiv:announce_type>{kind}</arxiv:announce_type><dc:creator>Ada {n}, Emmy {n}</dc:creator></item>",
                n = paper.number,
                id = paper.id,
                c = paper.category,
                code = if paper.code {
                    format!(" Code at https://github.com/{}.", Self::repository(paper))
                } else {
                    String::new()
                },
            );
        }
        xml.push_str("</channel></rss>");
        xml
    }

    fn daily(&self, asked: &ReceivedRequest) -> String {
        let day: Date = asked
            .parameter("date")
            .and_then(|day| day.parse().ok())
            .expect("a day");
        let listed: Vec<String> = self
            .papers
            .iter()
            .filter(|paper| paper.daily == Some(day) && eastern_moment(day, Time::midnight()) <= asked.at)
            .map(|paper| {
                let entered = eastern_moment(day, Time::midnight());
                format!(
                    r#"{{"paper":{{"id":"{id}","title":"Paper {n} of this world","summary":"Words number {n}.","authors":[{{"name":"Ada {n}"}}],"publishedAt":"{entered}","submittedOnDailyAt":"{entered}","upvotes":{votes}}},"numComments":0}}"#,
                    id = paper.id,
                    n = paper.number,
                    votes = Self::votes(paper, asked.at)
                )
            })
            .collect();
        format!("[{}]", listed.join(","))
    }

    fn atom(&self, asked: &ReceivedRequest) -> Reply {
        let id = asked.parameter("id_list").unwrap_or_default();
        let entry = self.papers.iter().find(|paper| paper.id == id).map(|paper| {
            format!(
                "<entry><id>http://arxiv.org/abs/{id}v1</id><title>Paper {n} of this world</title><published>2026-11-01T00:00:00Z</published><updated>2026-11-01T00:00:00Z</updated><summary>Words number {n}.</summary><author><name>Ada {n}</name></author><category term=\"{c}\"/><arxiv:primary_category term=\"{c}\"/></entry>",
                n = paper.number,
                c = paper.category
            )
        });
        Reply::ok(format!(
            "<?xml version='1.0' encoding='UTF-8'?><feed xmlns:arxiv=\"http://arxiv.org/schemas/atom\" xmlns=\"http://www.w3.org/2005/Atom\"><title>x</title>{}</feed>",
            entry.unwrap_or_default()
        ))
    }
}

/// The next day with an announcement.
fn next_listing(day: Date) -> Date {
    let mut next = day.saturating_add(1.day());
    while !has_listing(next) {
        next = next.saturating_add(1.day());
    }
    next
}

/// 304 if the client has this body already.
fn conditional(asked: &ReceivedRequest, body: String) -> Reply {
    let etag = format!("\"{:x}\"", domain::text::fingerprint(&body));
    if asked.header("if-none-match") == Some(&etag) {
        return Reply::Whole(304, vec![("etag".to_owned(), etag)], vec![]);
    }
    Reply::ok(body).with("etag", etag)
}
