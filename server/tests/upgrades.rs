//! Databases of other releases, with the real program: which command upgrades one, which refuses it, and what stays
//! unchanged.

mod common;

use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
    path::{Path, PathBuf},
    process::Output,
};

use common::program::{Home, TWO_PAPERS, err, out};
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};

/// The schema of the older database.
const OLDER: i64 = 9;
/// The copy that is made before an upgrade.
const COPY: &str = concat!("library.db.before-", env!("CARGO_PKG_VERSION"));

/// A folder with a filled database of an older release.
fn older() -> Home {
    let home = Home::new();
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("store/tests/fixtures")
        .join(format!("schema_{OLDER:04}.db.zst"));
    let packed = fs::read(fixture).expect("the fixture");
    home.write(
        "library.db",
        zstd::decode_all(packed.as_slice()).expect("unpacked"),
    );
    home
}

fn database(home: &Home) -> PathBuf {
    home.path("library.db").into()
}

fn bytes(home: &Home) -> Vec<u8> {
    fs::read(database(home)).expect("the database")
}

/// The names of all files in the folder of the database that begin like it.
fn files(home: &Home) -> Vec<String> {
    let folder = database(home).parent().expect("a folder").to_owned();
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("a folder")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with("library.db"))
        .collect();
    names.sort();
    names
}

/// Runs one statement on a database and returns its first number.
fn sql(path: &Path, statement: &'static str) -> i64 {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let mut connection = SqliteConnectOptions::new()
            .filename(path)
            .connect()
            .await
            .expect("a connection");
        let number = sqlx::query_scalar(statement)
            .fetch_optional(&mut connection)
            .await
            .expect(statement);
        connection.close().await.expect("closed");
        number.unwrap_or(0)
    })
}

fn schema(path: &Path) -> i64 {
    sql(path, "select max(version) from _sqlx_migrations")
}

fn known() -> i64 {
    store::schema::known()
}

/// The address of a source that answers 404 to every request.
fn refusing_source() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let _ =
                stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        }
    });
    format!("http://{address}")
}

#[track_caller]
fn assert_exit(output: &Output, code: i32) {
    assert_eq!(output.status.code(), Some(code), "{}{}", out(output), err(output));
}

#[test]
fn each_command_that_writes_upgrades_and_keeps_a_copy() {
    let import = |home: &Home| home.write("two.jsonl", TWO_PAPERS);
    let bounced = |home: &Home| home.write("bounced.eml", "From: a@example.org\r\n\r\nHello.\r\n");
    for command in ["rank", "import", "digest send", "bounce", "sync"] {
        let home = older();
        let old = bytes(&home);
        let (papers, bounced) = (import(&home), bounced(&home));
        let output = match command {
            "import" => home.run(&["import", &papers]),
            "digest send" => home.run(&["digest", "send", "--now", "2024-01-04T09:00:00Z"]),
            "bounce" => home.run(&["bounce", &bounced]),
            // The source refuses every request, so the command fails after the upgrade.
            "sync" => home
                .command(&["sync", "github"])
                .env("BROADSHEET_GITHUB_API_URL", refusing_source())
                .output()
                .expect("it runs"),
            _ => home.run(&[command]),
        };
        assert_eq!(schema(&database(&home)), known(), "{command}: {}", err(&output));
        let copy = PathBuf::from(home.path(COPY));
        assert_eq!(schema(&copy), OLDER, "{command}");
        assert_eq!(
            sql(&copy, "select count(*) from papers"),
            {
                home.write("old.db", &old);
                sql(Path::new(&home.path("old.db")), "select count(*) from papers")
            },
            "{command}"
        );
        let lines: Vec<String> = err(&output)
            .lines()
            .filter(|line| line.contains(COPY))
            .map(ToOwned::to_owned)
            .collect();
        assert_eq!(lines.len(), 1, "{command}: {}", err(&output));
        // The next run has nothing to upgrade, so it makes no further copy.
        home.run(&["rank"]);
        assert_eq!(
            files(&home)
                .iter()
                .filter(|name| name.contains(".before-"))
                .count(),
            1,
            "{command}"
        );
    }
}

#[test]
fn serve_upgrades_keeps_a_copy_and_old_bookmarks() {
    let home = older();
    let bookmarks = sql(&database(&home), "select count(*) from bookmarks");
    assert!(bookmarks > 0);
    let serving = home.serve();
    assert!(serving.get("/readyz").starts_with("HTTP/1.1 200"));
    drop(serving);
    assert_eq!(schema(&database(&home)), known());
    assert_eq!(sql(&database(&home), "select count(*) from bookmarks"), bookmarks);
    assert_eq!(schema(Path::new(&home.path(COPY))), OLDER);
}

#[test]
fn a_copy_never_replaces_an_earlier_one() {
    let home = older();
    home.write(COPY, "an earlier copy");
    home.write(&format!("{COPY}-2"), "a second copy");
    assert_exit(&home.run(&["rank"]), 0);
    for (name, text) in [
        (COPY.to_owned(), "an earlier copy"),
        (format!("{COPY}-2"), "a second copy"),
    ] {
        assert_eq!(fs::read_to_string(home.path(&name)).expect("the copy"), text);
    }
    assert_eq!(schema(Path::new(&home.path(&format!("{COPY}-3")))), OLDER);
}

#[test]
fn the_copy_can_be_turned_off_and_an_empty_database_needs_none() {
    let home = older();
    let output = home
        .command(&["rank"])
        .env("BROADSHEET_BACKUP_BEFORE_UPGRADE", "off")
        .output()
        .expect("it runs");
    assert_exit(&output, 0);
    assert_eq!(schema(&database(&home)), known());
    assert_eq!(files(&home), ["library.db"]);
    let home = Home::new();
    home.write("library.db", "");
    assert_exit(&home.run(&["rank"]), 0);
    assert_eq!(files(&home), ["library.db"]);
}

#[test]
fn a_backup_of_an_older_database_changes_nothing_in_it() {
    let home = older();
    let old = bytes(&home);
    let copy = home.path("copy.db");
    assert_exit(&home.run(&["backup", &copy]), 0);
    assert_eq!(bytes(&home), old);
    assert_eq!(files(&home), ["library.db"]);
    assert_eq!(schema(Path::new(&copy)), OLDER);
}

#[test]
fn check_reports_pending_migrations_and_runs_none() {
    let home = older();
    let old = bytes(&home);
    let output = home.run(&["check"]);
    assert_exit(&output, 0);
    let text = out(&output);
    for part in [
        format!("schema {OLDER}"),
        format!("schema {}", known()),
        "pending".to_owned(),
        "0010_reading".to_owned(),
        "broadsheet rank".to_owned(),
    ] {
        assert!(text.contains(&part), "{part} in\n{text}");
    }
    assert_eq!(bytes(&home), old);
    assert_eq!(files(&home), ["library.db"]);
}

#[test]
fn commands_that_only_read_refuse_an_older_database_and_name_the_way_out() {
    for arguments in [&["export", "all.jsonl"][..], &["digest", "preview"]] {
        let home = older();
        let old = bytes(&home);
        let output = home.run(arguments);
        assert_exit(&output, 1);
        let text = err(&output);
        for part in [
            format!("schema {OLDER}"),
            format!("schema {}", known()),
            "broadsheet rank".to_owned(),
            "broadsheet serve".to_owned(),
        ] {
            assert!(text.contains(&part), "{arguments:?}: {part} in\n{text}");
        }
        assert_eq!(bytes(&home), old, "{arguments:?}");
        assert_eq!(files(&home), ["library.db"], "{arguments:?}");
        assert!(!Path::new(&home.path("all.jsonl")).exists());
    }
}

#[test]
fn a_database_of_a_newer_release_is_refused_and_not_changed() {
    let home = Home::new();
    home.run(&["import", &home.write("two.jsonl", TWO_PAPERS)]);
    sql(
        &database(&home),
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
         values (9999, 'of a newer release', true, x'00', 0) returning 1",
    );
    let newer = bytes(&home);
    let papers = home.path("two.jsonl");
    for arguments in [
        &["serve"][..],
        &["import", &papers],
        &["sync", "github"],
        &["rank"],
        &["digest", "send"],
        &["digest", "preview"],
        &["bounce", &papers],
        &["export", "all.jsonl"],
        &["check"],
    ] {
        let output = home.run(arguments);
        assert_exit(&output, 1);
        let text = format!("{}{}", out(&output), err(&output));
        assert!(
            text.contains("schema 9999") && text.contains(&format!("knows only schema {}", known())),
            "{arguments:?}: {text}"
        );
        assert_eq!(bytes(&home), newer, "{arguments:?}");
        assert_eq!(files(&home), ["library.db"], "{arguments:?}");
    }
    // A copy needs no knowledge of the schema.
    assert_exit(&home.run(&["backup", &home.path("copy.db")]), 0);
    assert_eq!(bytes(&home), newer);
}

#[test]
fn commands_that_need_a_library_do_not_create_one() {
    let home = Home::new();
    for arguments in [
        &["rank"][..],
        &["digest", "preview"],
        &["digest", "send"],
        &["bounce", "-"],
        &["export", "x.jsonl"],
        &["backup", "x.db"],
        &["check"],
    ] {
        let output = home.run(arguments);
        assert_exit(&output, 1);
        let text = format!("{}{}", out(&output), err(&output));
        assert!(
            text.contains("there is no database at") && text.contains("BROADSHEET_DATABASE"),
            "{arguments:?}: {text}"
        );
        assert_eq!(files(&home), Vec::<String>::new(), "{arguments:?}");
    }
}

#[test]
fn a_preview_stores_no_secret() {
    let home = Home::new();
    home.run(&["import", &home.write("two.jsonl", TWO_PAPERS)]);
    let before = bytes(&home);
    let preview = home.run(&["digest", "preview", "--now", "2024-01-04T09:00:00Z"]);
    assert_exit(&preview, 0);
    assert!(out(&preview).contains("Another paper"), "{}", out(&preview));
    assert_eq!(bytes(&home), before);
    assert_eq!(
        sql(
            &database(&home),
            "select count(*) from settings where name = 'secret'"
        ),
        0
    );
}
