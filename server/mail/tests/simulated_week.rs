//! A week of digests for thousands of subscribers in 24 zones, while clocks are set forward in Europe and back in the
//! southern hemisphere. Every digest is sent once, on its day. If the sender is killed again and again, only the
//! emails that were being sent may be repeated, unchanged. Time is simulated: no test sleeps.
//!
//! The file is long because both tests share the simulated week.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use domain::{Days, DigestSchedule, ListingQuery, Paper};
use ingest::ranking::rank;
use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, DateTime, Time, Weekday},
    tz::TimeZone,
};
use mail::{
    MailService,
    schedule::next_due,
    transport::{Mailer, Outbox},
};
use serde_json::json;
use store::{Store, tokens::Secret};
use testing::{
    Dice, Library, PaperBuilder, a_paper, at, connect,
    smtp::{MailServer, Received},
};

const SITE: &str = "https://news.example.org";
/// Saturday noon, before clocks are set forward in Europe and the Levant (on the 29th).
const BEGIN: &str = "2026-03-28T12:00:00Z";
/// Sunday noon, after clocks were set back in Australia, New Zealand and Chile (on the 5th). No digest is due later.
const END: &str = "2026-04-05T12:00:00Z";
/// Emails that still wait are sent until here.
const CLOSE: &str = "2026-04-05T13:00:00Z";
/// In every zone below, whole hours begin at a multiple of this.
const STEP: SignedDuration = SignedDuration::from_mins(15);

const SUBSCRIBERS: usize = 5_000;
const KILLS: usize = 50;
/// Emails that are sent at the same time. After a crash each of them may be repeated.
const SENT_AT_ONCE: usize = 16;

/// In the zones of the first line, clocks are set forward on 29 March: in Beirut and on the Azores over midnight, in
/// Nuuk over the last hour of the 28th. In the second line, they are set back on 5 April: on Lord Howe by half an
/// hour, in Santiago at midnight. In the others they do not change.
const ZONES: &str = "
    Europe/London Europe/Paris Europe/Athens Asia/Beirut Atlantic/Azores America/Nuuk
    Australia/Lord_Howe Australia/Adelaide Australia/Sydney Pacific/Auckland Pacific/Chatham America/Santiago
    America/New_York America/Los_Angeles America/St_Johns America/Sao_Paulo Africa/Cairo Africa/Casablanca
    Asia/Kolkata Asia/Kathmandu Asia/Tokyo Pacific/Marquesas Pacific/Apia Pacific/Kiritimati";
/// This many subscribers get a digest every day: one at every hour of every zone.
const EVERY_HOUR: usize = 24 * 24;
const WEEK: &[Weekday] = &Days::WEEK;

const CATEGORIES: [&str; 6] = ["cs.LG", "cs.CL", "cs.CV", "cs.AI", "math.CO", "stat.ML"];
/// New papers a day. Each of the searches below finds at least 32 of them, more than one section holds.
const PAPERS_A_DAY: u32 = 48;
const VIEWS: [&str; 11] = [
    "",
    "?category=cs.LG",
    "?category=cs.CL",
    "?category=cs.CV",
    "?category=cs.AI",
    "?category=math.CO",
    "?category=stat.ML",
    "?sort=new&category=cs.LG",
    "?sort=new",
    "?q=lattice&sort=new",
    "?q=diffusion&sort=trending",
];
/// A search with few papers a day, and on some days no new ones. No subscriber has only this one.
const NARROW: &str = "?q=wombat";

struct Reader {
    email: String,
    zone: &'static str,
    hour: i8,
    days: &'static [Weekday],
    papers: i64,
    views: Vec<&'static str>,
}

/// The first of them as [`EVERY_HOUR`] says. Most of the others get a weekly digest.
fn readers(count: usize) -> Vec<Reader> {
    let (mut dice, zones) = (Dice(2026), Vec::from_iter(ZONES.split_whitespace()));
    assert_eq!(zones.len() * 24, EVERY_HOUR);
    (0..count)
        .map(|n| {
            let mut views = vec![dice.pick(&VIEWS)];
            for _ in 0..dice.roll(3) {
                let wide = dice.pick(&VIEWS);
                views.push(dice.pick(&[wide, wide, NARROW]));
            }
            let mut had = HashSet::new();
            views.retain(|view| had.insert(*view));
            Reader {
                email: format!("reader{n}@mail{}.example", n % 40),
                zone: zones[n % 24],
                hour: i8::try_from(n / 24 % 24).expect("an hour"),
                days: match dice.roll(16) {
                    _ if n < EVERY_HOUR => WEEK,
                    0 => &WEEK[..5],
                    1 => &WEEK[5..],
                    chance => &WEEK[chance as usize % 7..][..1],
                },
                papers: dice.pick(&[5, 5, 5, 10, 20]),
                views,
            }
        })
        .collect()
}

/// Writes readers who confirmed before the week began into the database.
async fn settle(path: &Path, readers: &[Reader]) {
    let row = |reader: &Reader| {
        let days = Days::of(reader.days.iter().copied()).expect("a day");
        let (zone, hour) = (reader.zone.to_owned(), reader.hour);
        let (due, views) = (
            next_due(at(BEGIN), &DigestSchedule { zone, hour, days }),
            &reader.views,
        );
        json!([
            reader.email,
            reader.zone,
            hour,
            days.bits(),
            reader.papers,
            due.as_second(),
            views
        ])
    };
    let rows = json!(readers.iter().map(row).collect::<Vec<_>>()).to_string();
    let mut database = connect(path).await;
    for sql in [
        "insert into subscribers (email, email_key, zone, hour, days, papers, state, created_at, confirmed_at, due_at)
         select r.value ->> 0, r.value ->> 0, r.value ->> 1, r.value ->> 2, r.value ->> 3, r.value ->> 4, 'active', 0, 0,
             r.value ->> 5 from json_each(?) r",
        "insert into views (query, slug, created_at)
         select distinct v.value, substr(lower(hex(randomblob(16))), 1, 22), 0
         from json_each(?) r, json_each(r.value, '$[6]') v where true on conflict do nothing",
        "insert into subscriptions (subscriber_id, view_id, state, position, added_at)
         select s.id, w.id, 'active', v.key, 0 from json_each(?) r, json_each(r.value, '$[6]') v
         join subscribers s on s.email_key = r.value ->> 0 join views w on w.query = v.value",
    ] {
        sqlx::query(sql).bind(&rows).execute(&mut database).await.expect(sql);
    }
    for view in VIEWS {
        assert_eq!(
            ListingQuery::parse(view).expect(view).query(),
            view,
            "the canonical query"
        );
    }
}

/// The hot papers of a day, as known at its end.
fn papers_of(day: Date) -> Vec<Paper> {
    let midnight = at(&format!("{}T00:00:00Z", day.tomorrow().expect("a day")));
    let paper = |n: u32| {
        let words = [
            ("lattice", !n.is_multiple_of(4)),
            ("diffusion", n % 4 != 1),
            ("wombat", n.is_multiple_of(8)),
        ];
        let words = words
            .map(|(word, has)| if has { word } else { "paper" })
            .join(" ");
        let categories = [0, 1, 2, 3]
            .map(|next| CATEGORIES[(n + next) as usize % 6])
            .join(" ");
        let paper = a_paper(&format!("26{:02}.{:02}{n:03}", day.month(), day.day()))
            .titled(&format!("Number {n} of {day}: {words}"))
            .with_abstract("What it says in a few words, and then in some more.")
            .by(&["Ada Lovelace", "Emmy Noether"])
            .in_categories(&categories)
            .published(&day.to_string())
            .with_upvotes(400 - 5 * n, &midnight.to_string());
        Paper {
            hf_submitted_at: Some(midnight - 6.hours()),
            ..paper
        }
    };
    (0..PAPERS_A_DAY).map(paper).collect()
}

/// What Broadsheet does at a moment of the week: saves new papers at midnight, queues the digests that are due, sends
/// emails.
async fn live_through(mail: &MailService, now: Timestamp) {
    let days_ago: &[i64] = match now {
        _ if now == at(BEGIN) => &[2, 1],
        _ if now.as_second() % 86_400 == 0 => &[1],
        _ => &[],
    };
    let today = TimeZone::UTC.to_datetime(now).date();
    for days in days_ago {
        let news = papers_of(today - days.days());
        mail.store.save_papers(&news, now).await.expect("saved");
        rank(&mail.store, now).await.expect("ranked");
    }
    if now < at(END) {
        mail.queue_due(now).await.expect("queued");
    }
    while mail.deliver_some(now).await.expect("a step").is_some() {}
}

fn mail_service(store: Store, mail_server: &str) -> MailService {
    let outbox = Outbox::smtp(mail_server, None).expect("a transport");
    let mailer = Mailer::new(outbox, "Broadsheet <news@example.org>", None, SITE).expect("a mailer");
    MailService::new(store, mailer, Secret::new(b"test"), SITE)
}

/// When the hours of a zone begin, found by reading its clock every quarter of an hour: the first time that the clock
/// shows the hour, or a later one if it was set forward over it.
fn striking(zone: &str) -> BTreeMap<DateTime, Timestamp> {
    let zone = TimeZone::get(zone).expect(zone);
    let (mut strikes, mut now) = (BTreeMap::new(), at(BEGIN) - SignedDuration::from_hours(48));
    let tomorrow = zone.to_datetime(now).date().tomorrow().expect("a day");
    let mut next = tomorrow.to_datetime(Time::midnight());
    while now < at(END) {
        while next <= zone.to_datetime(now) {
            strikes.insert(next, now);
            next += 1.hour();
        }
        now += STEP;
    }
    strikes
}

/// Which digests are due: address and local day.
fn expected(readers: &[Reader]) -> BTreeSet<(String, Date)> {
    let clocks: BTreeMap<&str, _> = ZONES
        .split_whitespace()
        .map(|zone| (zone, striking(zone)))
        .collect();
    readers
        .iter()
        .flat_map(|reader| {
            clocks[reader.zone]
                .iter()
                .filter(|(hour, moment)| hour.hour() == reader.hour && **moment > at(BEGIN))
                .filter(|(hour, _)| reader.days.contains(&hour.weekday()))
                .map(|(hour, _)| (reader.email.clone(), hour.date()))
        })
        .collect()
}

/// A received email: its Message-ID and its papers.
type ReceivedDigest = (String, Vec<String>);

/// All received digests, by address and day.
#[derive(Default)]
struct Inbox(BTreeMap<(String, Date), Vec<ReceivedDigest>>);

impl Inbox {
    fn take_from(&mut self, server: &MailServer) {
        for email in server.take_received() {
            let [to] = email.recipients().collect::<Vec<_>>()[..] else {
                panic!("one recipient: {:?}", email.to)
            };
            let id = email.message_id().expect("a Message-ID");
            let day = id.strip_prefix("<digest.").and_then(|rest| rest.split_once('.'));
            let day = day.unwrap_or_else(|| panic!("no day in {id}")).0;
            let copies = self
                .0
                .entry((to.to_owned(), day.parse().expect(day)))
                .or_default();
            copies.push((id.to_owned(), papers_in(&email)));
        }
    }

    /// Checks that exactly these digests were received, that repeats are unchanged, and that no subscriber got a
    /// paper twice. Answers how many were repeats.
    fn assert_holds(&self, expected: &BTreeSet<(String, Date)>) -> usize {
        let received: BTreeSet<_> = self.0.keys().cloned().collect();
        let missing: Vec<_> = expected.difference(&received).collect();
        let unexpected: Vec<_> = received.difference(expected).collect();
        let sample = |of: Vec<_>| format!("{} ({:?})", of.len(), of.into_iter().take(9).collect::<Vec<_>>());
        assert!(
            received == *expected,
            "missing {}, unexpected {}",
            sample(missing),
            sample(unexpected)
        );
        let (mut had, mut repeats) = (HashSet::new(), 0);
        for ((email, day), copies) in &self.0 {
            assert!(
                copies.iter().all(|copy| *copy == copies[0]),
                "{email}, {day}: {copies:?}"
            );
            repeats += copies.len() - 1;
            assert!(!copies[0].1.is_empty(), "{email}, {day}: an empty email");
            for paper in &copies[0].1 {
                assert!(had.insert((email, paper)), "{email} got {paper} again on {day}");
            }
        }
        repeats
    }
}

/// The papers to which the text part of an email links.
fn papers_in(email: &Received) -> Vec<String> {
    let mail = String::from_utf8_lossy(&email.bytes).replace("=\r\n", "");
    let text = mail.split("text/html").next().unwrap_or_default();
    text.split(&format!("{SITE}/papers/"))
        .skip(1)
        .map(|rest| rest.split_whitespace().next().unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_digest_of_the_week_is_sent_once() {
    let (library, server, readers) = (
        Library::new().await,
        MailServer::start().await,
        readers(SUBSCRIBERS),
    );
    settle(&library.path, &readers).await;
    let (mail, begun) = (mail_service(library.store.clone(), &server.url()), Instant::now());
    let (mut now, mut inbox) = (at(BEGIN), Inbox::default());
    while now < at(CLOSE) {
        live_through(&mail, now).await;
        inbox.take_from(&server);
        now += STEP;
    }
    println!("{} emails in {:?}", inbox.0.len(), begun.elapsed());
    assert_eq!(inbox.assert_holds(&expected(&readers)), 0, "repeats");
}

/// A sender in its own process. The test below starts it and kills it.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a part of the test below, in a process of its own"]
async fn one_life() {
    let folder = std::env::var("LIFE_FOLDER").expect("a folder");
    let folder = Path::new(&folder);
    let mail_server = std::env::var("LIFE_MAIL_SERVER").expect("a mail server");
    let store = Store::open(&folder.join("library.db"))
        .await
        .expect("the database");
    let mail = mail_service(store, &mail_server);
    // The time goes on where the last process was killed.
    let mut now = clock_of(folder).map_or(at(BEGIN), |now| at(&now));
    while now < at(CLOSE) {
        std::fs::write(folder.join("clock.new"), now.to_string()).expect("written");
        std::fs::rename(folder.join("clock.new"), folder.join("clock")).expect("in its place");
        live_through(&mail, now).await;
        now += STEP;
    }
    mail.store.close().await;
}

fn clock_of(folder: &Path) -> Option<String> {
    std::fs::read_to_string(folder.join("clock")).ok()
}

fn life(folder: &Path, mail_server: &str) -> Child {
    Command::new(std::env::current_exe().expect("this test"))
        .args(["--ignored", "--exact", "one_life", "--nocapture"])
        .env("LIFE_FOLDER", folder)
        .env("LIFE_MAIL_SERVER", mail_server)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a process")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_killed_fifty_times_repeats_only_emails_that_were_being_sent() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("library.db");
    Store::open(&path).await.expect("a new database").close().await;
    let (server, readers) = (MailServer::start().await, readers(SUBSCRIBERS));
    settle(&path, &readers).await;
    let (expected, begun) = (expected(&readers), Instant::now());
    let (mut dice, mut inbox, mut kills) = (Dice(50), Inbox::default(), 0);
    loop {
        let mut child = life(folder.path(), &server.url());
        // The kills are spread over all emails. About half happen while emails are sent, the others at the start of a
        // step: while papers are saved, issues frozen or digests queued.
        let share = expected.len() / (KILLS + 1);
        let die_after = share * kills + share / 2 + dice.roll(share as u64) as usize;
        let while_sending = dice.one_in(2);
        let jitter = Duration::from_micros(dice.roll(if while_sending { 9_000 } else { 60_000 }));
        let (deadline, mut step) = (Instant::now() + Duration::from_secs(120), None);
        let ended = loop {
            if let Some(status) = child.try_wait().expect("its state") {
                break Some(status);
            }
            if kills < KILLS && server.received_count() >= die_after {
                let clock = clock_of(folder.path());
                if while_sending || step.get_or_insert(clock.clone()) != &clock {
                    break None;
                }
            }
            inbox.take_from(&server);
            assert!(Instant::now() < deadline, "no progress");
            tokio::time::sleep(Duration::from_millis(2)).await;
        };
        if let Some(status) = ended {
            assert!(status.success(), "{status}");
            break;
        }
        tokio::time::sleep(jitter).await;
        child.kill().expect("killed");
        child.wait().expect("it ends");
        kills += 1;
    }
    assert_eq!(kills, KILLS, "the week ended too early");
    inbox.take_from(&server);
    let repeats = inbox.assert_holds(&expected);
    println!(
        "{} emails in {:?}, {repeats} repeats after {kills} kills",
        expected.len(),
        begun.elapsed()
    );
    assert!(repeats <= KILLS * SENT_AT_ONCE, "{repeats} repeats");
}
