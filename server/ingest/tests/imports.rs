//! Imports: files of any kind into the library, and back out.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    sync::mpsc,
    time::Duration,
};

use domain::{Listing, Paper};
use ingest::import::{ImportError, Input, Progress, Reject, import};
use ingest::ranking::rank;
use store::{Store, Summary};
use tempfile::TempDir;
use testing::{Library, PaperBuilder, a_paper, a_titled_paper, at, key, now, shared_data};

const HUGGING_FACE: &str = r#"{"id":"2611.00001","title":"A daily\n  paper","summary":"Its summary, code: https://github.com/a/b.","authors":[{"name":"Ada Lovelace"},{"name":"H","hidden":true}],"publishedAt":"2026-11-20T00:00:00.000Z","submittedOnDailyAt":"2026-11-21T08:25:31.891Z","upvotes":7,"numComments":2,"githubStars":31,"_captured_at":"2026-11-21T10:01:31Z"}"#;
const OUTER: &str = r#"{"paper":{"id":"2611.00002","title":"Another daily paper","summary":"S.","upvotes":1,"_captured_at":"2026-11-21T10:01:31Z"},"publishedAt":"2026-11-21T00:00:00.000Z","title":"Another daily paper","numComments":0,"isAuthorParticipating":false}"#;
const ARXIV: &str = r#"{"id":"hep-th/9901001","submitter":"X","authors":"A. One, B. Two and C. Three","title":"An old\n  paper","comments":null,"journal-ref":"Nucl. Phys. B 1 (1999)","doi":"10.1016/x","report-no":"R-1","categories":"hep-th gr-qc","license":null,"abstract":"  Strings.\n","versions":[{"version":"v1","created":"Mon, 4 Jan 1999 10:00:00 GMT"}],"update_date":"2009-11-07","authors_parsed":[["One","A.",""],["Two","B.",""],["Three","C.",""]]}"#;
const EXPORTED: &str =
    r#"{"source":"sample","title":"Known by title only","abstract":"Cut…","categories":["cs.LG"]}"#;

struct Files(TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path
    }
}

fn zst(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).expect("packed")
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).expect("packed");
    packer.finish().expect("packed")
}

/// Imports a file; answers the summary and what was set aside.
async fn take(store: &Store, path: &Path) -> (Summary, Vec<(u64, String)>) {
    let (progress, mut rejects, mut last) = (Progress::default(), Vec::new(), Summary::default());
    let mut set_aside = |reject: Reject| rejects.push((reject.line, reject.reason));
    let summary = import(
        store,
        &Input::File(path.to_owned()),
        now(),
        &progress,
        |summary| last = *summary,
        &mut set_aside,
    )
    .await
    .expect("imported");
    assert_eq!(last, summary, "the last batch tells the whole");
    assert_eq!(summary.rejected as usize, rejects.len());
    assert_eq!(progress.size(), std::fs::metadata(path).expect("a file").len());
    assert!(progress.read() <= progress.size());
    (summary, rejects)
}

fn counts(imported: u64, updated: u64, unchanged: u64, rejected: u64) -> Summary {
    Summary {
        imported,
        updated,
        unchanged,
        rejected,
    }
}

async fn exported(store: &Store) -> Vec<Paper> {
    let (mut papers, mut after) = (Vec::new(), 0);
    loop {
        // A small page, so that there are several.
        let page = store.export_after(after, 50).await.expect("exported");
        let Some((last, _)) = page.last() else {
            return papers;
        };
        after = *last;
        papers.extend(page.into_iter().map(|(_, paper)| paper));
    }
}

fn json_lines(papers: &[Paper]) -> Vec<u8> {
    papers
        .iter()
        .flat_map(|paper| [serde_json::to_vec(paper).expect("json"), b"\n".to_vec()].concat())
        .collect()
}

#[tokio::test]
async fn every_kind_of_record_in_every_kind_of_file_gives_the_same_library() {
    let files = Files::new();
    let records = [HUGGING_FACE, OUTER, ARXIV, EXPORTED];
    let lines = records.join("\n").into_bytes();
    let windows = format!("\u{feff}{}\r\n\r\n", records.join("\r\n")).into_bytes();
    let array = format!(" [\n{}\n]\n", records.join(" ,\n ")).into_bytes();
    let two_frames = [
        zst(format!("{HUGGING_FACE}\n{OUTER}\n{ARX}", ARX = &ARXIV[..20]).as_bytes()),
        zst(format!("{}\n{EXPORTED}\n", &ARXIV[20..]).as_bytes()),
    ]
    .concat();
    let mut libraries = Vec::new();
    for (name, bytes) in [
        ("lines.jsonl", lines.clone()),
        ("windows.jsonl", windows),
        ("array.json", array.clone()),
        ("lines.jsonl.gz", gz(&lines)),
        ("lines.jsonl.zst", zst(&lines)),
        ("array.json.zst", zst(&array)),
        ("two-frames.zst", two_frames),
        (
            "two-members.gz",
            [
                gz(format!("{HUGGING_FACE}\n{OUTER}\n").as_bytes()),
                gz(format!("{ARXIV}\n{EXPORTED}").as_bytes()),
            ]
            .concat(),
        ),
        ("misnamed.txt", zst(&lines)),
    ] {
        let library = Library::new().await;
        let path = files.write(name, &bytes);
        assert_eq!(
            take(&library.store, &path).await,
            (counts(4, 0, 0, 0), vec![]),
            "{name}"
        );
        assert_eq!(
            take(&library.store, &path).await,
            (counts(0, 0, 4, 0), vec![]),
            "{name} again"
        );
        library.assert_sound().await;
        libraries.push(exported(&library.store).await);
    }
    assert!(libraries.windows(2).all(|pair| pair[0] == pair[1]));
    let [daily, outer, arxiv, titled] = libraries[0].as_slice() else {
        panic!("four papers")
    };
    assert_eq!(
        (
            daily.title.as_str(),
            daily.authors.as_slice(),
            daily.code_url.as_deref()
        ),
        (
            "A daily paper",
            ["Ada Lovelace".to_owned()].as_slice(),
            Some("https://github.com/a/b")
        )
    );
    assert_eq!(
        daily.upvotes.map(|seen| (seen.at, seen.total)),
        Some((at("2026-11-21T10:01:31Z"), 7))
    );
    assert_eq!(daily.stars.map(|seen| seen.total), Some(31));
    assert_eq!((outer.key(), outer.num_comments), (key("2611.00002"), Some(0)));
    assert_eq!(
        (
            arxiv.authors.len(),
            arxiv.version,
            arxiv.published.map(|date| date.to_string()).as_deref()
        ),
        (3, Some(1), Some("1999-01-04T10:00:00Z"))
    );
    assert_eq!(
        (titled.arxiv_id.as_ref(), titled.abstract_text.as_str()),
        (None, "Cut…")
    );
}

#[tokio::test]
async fn what_cannot_be_taken_is_set_aside_with_its_line_and_reason() {
    let mut file = Vec::new();
    for line in [
        HUGGING_FACE.as_bytes(),
        b"",
        b"{\"id\":\"2611.00003\",\"abstract\":\"no title\"}",
        b"{\"id\":\"2611.00004\",\"title\":\"bad \xff\xfe utf-8\",\"abstract\":\"x\"}",
        b"{\"id\":\"2611.00005\",\"title\":\"cut off",
        b"null",
        b"[1,2]",
        b"\0\0\0",
        b"{\"hello\":\"world\"}",
        b"{\"id\":\"../../etc/passwd\",\"title\":\"x\",\"abstract\":\"y\"}",
        ARXIV.as_bytes(),
    ] {
        file.extend_from_slice(line);
        file.push(b'\n');
    }
    file.extend_from_slice(&[b"[".repeat(100_000), b"\n".to_vec()].concat());
    let library = Library::new().await;
    let (summary, rejects) = take(&library.store, &Files::new().write("x.jsonl", &file)).await;
    assert_eq!(summary, counts(2, 0, 0, 9));
    let expected = [
        (3, "no title"),
        (4, "not JSON"),
        (5, "not JSON"),
        (6, "not a JSON object"),
        (7, "not a JSON object"),
        (8, "not JSON"),
        (9, "kind of record"),
        (10, "passwd"),
        (12, "not JSON"),
    ];
    for ((line, reason), (expected_line, words)) in rejects.iter().zip(expected) {
        assert!(
            *line == expected_line && reason.contains(words),
            "{line}: {reason}, not {expected_line}: {words}"
        );
    }
}

#[tokio::test]
async fn one_broken_element_of_an_array_costs_itself_alone() {
    let file = format!(
        "[{HUGGING_FACE}, {{\"id\": }}, \"text\", {{\"title\":\"back\\\\\"}}, 17,,\n{OUTER}, {{\"a\\\nb\"}}, {{\"a\\\n\"}}, {ARXIV}]"
    );
    let library = Library::new().await;
    let (summary, rejects) = take(&library.store, &Files::new().write("x.json", file.as_bytes())).await;
    assert_eq!(summary, counts(3, 0, 0, 6), "{rejects:?}");
}

/// Records that do not pack well, so that a packed file has many blocks.
fn many(count: usize) -> Vec<u8> {
    let mut dice = testing::Dice(3);
    let papers: Vec<Paper> = (0..count)
        .map(|n| {
            let words: Vec<String> = (0..40).map(|_| format!("{:x}", dice.roll(u64::MAX))).collect();
            a_paper(&format!("26{:02}.{:05}", 1 + n / 50_000, n % 50_000)).with_abstract(&words.join(" "))
        })
        .collect();
    json_lines(&papers)
}

#[tokio::test]
async fn a_packed_file_that_breaks_off_gives_what_came_before_and_says_where() {
    let (files, lines) = (Files::new(), many(1_500));
    for (name, packed) in [("x.zst", zst(&lines)), ("x.gz", gz(&lines))] {
        let library = Library::new().await;
        let cut = files.write(name, &packed[..packed.len() * 2 / 3]);
        let (summary, rejects) = take(&library.store, &cut).await;
        assert!((600..1_400).contains(&summary.imported), "{name}: {summary:?}");
        assert_eq!(rejects.len(), 1, "{rejects:?}");
        assert_eq!(
            rejects[0].0,
            summary.imported + 1,
            "{name}: the line it breaks off in"
        );
        assert!(rejects[0].1.contains("breaks off"), "{rejects:?}");
        // The whole file afterwards brings the rest.
        let whole = files.write(name, &packed);
        let (again, _) = take(&library.store, &whole).await;
        assert_eq!(
            (again.unchanged, again.imported),
            (summary.imported, 1_500 - summary.imported),
            "{name}"
        );
    }
    // Damage in the middle is no crash either.
    let mut damaged = zst(&lines);
    let middle = damaged.len() / 2;
    damaged[middle..middle + 64].fill(0x5a);
    let library = Library::new().await;
    let (summary, rejects) = take(&library.store, &files.write("damaged.zst", &damaged)).await;
    assert!(summary.accepted() > 0 && !rejects.is_empty(), "{summary:?}");
}

#[tokio::test]
async fn a_plain_array_that_breaks_off_gives_what_came_before() {
    let library = Library::new().await;
    let file = format!("[{HUGGING_FACE},\n{OUTER},\n{}", &ARXIV[..100]);
    let (summary, rejects) = take(&library.store, &Files::new().write("x.json", file.as_bytes())).await;
    assert_eq!(summary, counts(2, 0, 0, 1));
    assert!(
        rejects[0].0 == 3 && rejects[0].1.contains("breaks off"),
        "{rejects:?}"
    );
}

/// The most memory this process has had, in kB, where the system tells and the process is this test's alone.
fn peak_kb() -> Option<u64> {
    std::env::var_os("NEXTEST")?;
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| {
        line.strip_prefix("VmHWM:")?
            .trim()
            .strip_suffix(" kB")?
            .trim()
            .parse()
            .ok()
    })
}

#[tokio::test]
async fn a_line_of_fifty_megabytes_is_set_aside_and_takes_no_memory() {
    let library = Library::new().await;
    let mut packer = zstd::Encoder::new(Vec::new(), 1).expect("a packer");
    writeln!(packer, "{HUGGING_FACE}").expect("packed");
    packer
        .write_all(b"{\"id\":\"2611.00003\",\"title\":\"")
        .expect("packed");
    std::io::copy(&mut std::io::repeat(b'x').take(50 << 20), &mut packer).expect("packed");
    write!(packer, "\"}}\n{ARXIV}\n").expect("packed");
    let path = Files::new();
    let path = path.write("x.zst", &packer.finish().expect("packed"));
    let before = peak_kb();
    let (summary, rejects) = take(&library.store, &path).await;
    assert_eq!(summary, counts(2, 0, 0, 1));
    assert!(rejects[0].0 == 2 && rejects[0].1.contains("8 MB"), "{rejects:?}");
    if let (Some(before), Some(after)) = (before, peak_kb()) {
        assert!(after - before < 40 << 10, "{} kB more", after - before);
    }
}

#[tokio::test]
async fn records_are_stored_while_the_file_is_still_being_written() {
    let files = Files::new();
    let pipe = files.0.path().join("pipe");
    if !std::process::Command::new("mkfifo")
        .arg(&pipe)
        .status()
        .is_ok_and(|status| status.success())
    {
        return println!("skipped: no mkfifo");
    }
    let (stored, wait) = mpsc::channel::<u64>();
    let end = pipe.clone();
    let writing = std::thread::spawn(move || {
        let lines = many(4_000);
        let half = lines
            .iter()
            .enumerate()
            .filter(|(_, byte)| **byte == b'\n')
            .nth(2_999)
            .map_or(0, |(at, _)| at + 1);
        let mut pipe = File::options().write(true).open(end).expect("a reader");
        pipe.write_all(&lines[..half]).expect("written");
        // Nothing more until the first batches are in the library.
        while wait
            .recv_timeout(Duration::from_secs(30))
            .expect("a batch is stored meanwhile")
            < 1_000
        {}
        pipe.write_all(&lines[half..]).expect("written");
    });
    let library = Library::new().await;
    let mut steps = Vec::new();
    let at = |summary: &Summary| {
        steps.push(summary.accepted());
        let _ = stored.send(summary.accepted());
    };
    let summary = import(
        &library.store,
        &Input::File(pipe),
        now(),
        &Progress::default(),
        at,
        |reject| panic!("{reject:?}"),
    )
    .await
    .expect("imported");
    writing.join().expect("written");
    assert_eq!(summary, counts(4_000, 0, 0, 0));
    assert!(
        steps.windows(2).all(|pair| pair[1] - pair[0] <= 500),
        "bounded transactions: {steps:?}"
    );
}

#[tokio::test]
async fn a_packed_stream_is_known_even_when_it_comes_byte_by_byte() {
    let files = Files::new();
    let pipe = files.0.path().join("pipe");
    if !std::process::Command::new("mkfifo")
        .arg(&pipe)
        .status()
        .is_ok_and(|status| status.success())
    {
        return println!("skipped: no mkfifo");
    }
    let (progress, end) = (Progress::default(), pipe.clone());
    let seen = progress.clone();
    let writing = std::thread::spawn(move || {
        let mut pipe = File::options().write(true).open(end).expect("a reader");
        for (at, byte) in zst(HUGGING_FACE.as_bytes()).into_iter().enumerate() {
            pipe.write_all(&[byte]).expect("written");
            while at < 8 && seen.read() <= at as u64 {
                std::thread::yield_now();
            }
        }
    });
    let library = Library::new().await;
    let summary = import(
        &library.store,
        &Input::File(pipe),
        now(),
        &progress,
        |_| {},
        |_| {},
    )
    .await
    .expect("imported");
    assert_eq!(summary, counts(1, 0, 0, 0));
    writing.join().expect("written");
}

#[tokio::test]
async fn an_import_that_was_cut_off_is_simply_run_again() {
    let (files, lines) = (Files::new(), many(1_200));
    let library = Library::new().await;
    let path = files.write("x.jsonl", &lines);
    let (progress, input) = (Progress::default(), Input::File(path.clone()));
    // Stops hearing after the first batch, as when the program is killed.
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let mut stop = Some(stop);
    let running = import(
        &library.store,
        &input,
        now(),
        &progress,
        |_| stop.take().map_or((), |stop| stop.send(()).unwrap_or(())),
        |_| {},
    );
    tokio::select! {
        biased;
        _ = stopped => {}
        _ = running => panic!("it was to be stopped"),
    }
    let before = library.number("select count(*) from papers").await as u64;
    assert!((500..1_200).contains(&before), "{before}");
    let (summary, _) = take(&library.store, &path).await;
    assert_eq!(summary, counts(1_200 - before, 0, before, 0));
    library.assert_sound().await;
}

#[tokio::test]
async fn empty_and_missing_files_are_told_apart() {
    let (library, files) = (Library::new().await, Files::new());
    for (name, bytes) in [
        ("empty", &b""[..]),
        ("blank", b" \n\n"),
        ("empty.zst", &zst(b"")),
        ("empty.gz", &gz(b"")),
        ("empty.json", b"[]"),
    ] {
        assert_eq!(
            take(&library.store, &files.write(name, bytes)).await,
            (Summary::default(), vec![]),
            "{name}"
        );
    }
    for path in [files.0.path().join("missing"), files.0.path().to_owned()] {
        let error = import(
            &library.store,
            &Input::File(path.clone()),
            now(),
            &Progress::default(),
            |_| {},
            |_| {},
        )
        .await
        .expect_err("no file");
        assert!(
            matches!(&error, ImportError::Open { .. })
                && error.to_string().contains(&path.display().to_string()),
            "{error}"
        );
    }
}

#[tokio::test]
async fn an_export_read_into_a_new_library_gives_the_same_papers() {
    let library = Library::of_the_sample().await;
    let files = Files::new();
    take(
        &library.store,
        &files.write("x.jsonl", [HUGGING_FACE, OUTER, ARXIV].join("\n").as_bytes()),
    )
    .await;
    library
        .save_papers(&[
            a_titled_paper("Known by title").told_by(domain::paper::Source::HuggingFace),
            Paper {
                version: Some(3),
                updated: "2026-11-20".parse().ok(),
                comments: Some("line one\nline two \u{1f980} \"quoted\" \\ \u{0} end".into()),
                doi: Some("10.1/x".into()),
                journal_ref: Some("J".into()),
                license: Some("http://creativecommons.org/licenses/by/4.0/".into()),
                project_page: Some("https://example.org/?a=b&c".into()),
                hf_submitted_at: Some(at("2026-11-20T08:00:00Z")),
                num_comments: Some(0),
                ..a_paper("2611.00009")
                    .published("2026-11-19")
                    .by(&["Ada", "Emmy"])
                    .in_categories("cs.LG math.OC")
                    .with_code("https://gitlab.com/a/b")
            }
            .with_upvotes(0, "2026-11-21T08:00:00Z")
            .with_stars(4, "2026-11-21T08:00:00Z"),
        ])
        .await;
    library
        .save_papers(&[a_paper("2611.00009")
            .with_upvotes(8, "2026-11-22T08:00:00Z")
            .with_stars(3, "2026-11-23T08:00:00Z")])
        .await;
    let papers = exported(&library.store).await;
    assert_eq!(papers.len(), 119 + 5);
    let path = files.write("export.jsonl", &json_lines(&papers));
    let second = Library::new().await;
    assert_eq!(take(&second.store, &path).await, (counts(124, 0, 0, 0), vec![]));
    let again = exported(&second.store).await;
    for (before, after) in papers.iter().zip(&again) {
        assert_eq!(before, after);
    }
    assert_eq!(take(&second.store, &path).await, (counts(0, 0, 124, 0), vec![]));
    assert_eq!(
        take(&library.store, &path).await,
        (counts(0, 0, 124, 0), vec![]),
        "into the library it came from"
    );
    for name in ["/?sort=new", "/?sort=top"] {
        let listing = Listing::read([("sort", &name[7..])]).listing;
        assert_eq!(
            library.walk(&listing).await,
            second.walk(&listing).await,
            "{name}"
        );
    }
    second.assert_sound().await;
}

#[tokio::test]
async fn the_daily_papers_of_two_years_come_in_whole_and_are_ranked() {
    let Some(path) = shared_data("hf_daily.jsonl.zst") else {
        return;
    };
    let library = Library::new().await;
    let (summary, rejects) = take(&library.store, &path).await;
    assert_eq!((summary, rejects), (counts(10_447, 0, 0, 0), vec![]));
    assert_eq!(
        take(&library.store, &path).await,
        (counts(0, 0, 10_447, 0), vec![])
    );
    library.assert_sound().await;
    let run = rank(&library.store, now()).await.expect("ranked");
    assert!(run.ranked > 100, "{run:?}");
    let mut last = f64::MAX;
    let (mut after, ask) = (None, Listing::default());
    for _ in 0..20 {
        let page = library
            .store
            .list(&ask, after, None, now())
            .await
            .expect("a page");
        for card in &page.cards {
            let heat = card.heat.map(|report| report.heat).unwrap_or_default();
            assert!((heat.hf + heat.gh + heat.local + heat.fresh - heat.total()).abs() < 1e-12);
            assert!(heat.total() <= last, "heat order");
            last = heat.total();
        }
        after = page.next;
        assert!(after.is_some());
    }
    let combined = Listing::read([("category", "cs.CV"), ("has", "code"), ("window", "week")]).listing;
    testing::walk(&library.store, &combined, now()).await;
}

#[tokio::test]
async fn rows_of_arxiv_come_in_and_change_nothing_the_second_time() {
    let Some(path) = shared_data("arxiv_100k.jsonl.zst") else {
        return;
    };
    let packed = zstd::Decoder::new(File::open(path).expect("the file")).expect("unpacked");
    // From the old identifiers on, every twentieth of the file, so that all its years are in it.
    let lines: Vec<String> = BufReader::new(packed)
        .lines()
        .map(|line| line.expect("a line"))
        .take(100_000)
        .step_by(20)
        .collect();
    assert_eq!(lines.len(), 5_000);
    let path = Files::new();
    let path = path.write("arxiv.jsonl", lines.join("\n").as_bytes());
    let library = Library::new().await;
    assert_eq!(
        take(&library.store, &path).await,
        (counts(5_000, 0, 0, 0), vec![])
    );
    assert_eq!(
        take(&library.store, &path).await,
        (counts(0, 0, 5_000, 0), vec![])
    );
    library.assert_sound().await;
    assert_eq!(
        library
            .walk_url(&[("sort", "new"), ("category", "hep-th"), ("to", "2010-12-31")])
            .await
            .len() as i64,
        {
            library.number("select count(*) from papers where (' ' || categories || ' ') like '% hep-th %' and announced < unixepoch('2011-01-01')").await
        }
    );
    let again = exported(&library.store).await;
    assert!(
        again
            .iter()
            .all(|paper| paper.published.is_some() && !paper.title.is_empty())
    );
}
