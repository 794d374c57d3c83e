//! The secret is beside the database, and both are backed up and restored together.
#![cfg(unix)]

mod common;

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use common::{
    program::{Home, Serving, TWO_PAPERS, err},
    token,
};
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};

fn mode(path: impl AsRef<Path>) -> u32 {
    let path = path.as_ref();
    fs::metadata(path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        .permissions()
        .mode()
        & 0o777
}

fn set_mode(path: impl AsRef<Path>, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("set");
}

fn post(serving: &Serving, path: &str, form: &str) -> String {
    serving.ask(&format!(
        "POST {path} HTTP/1.1\r\nHost: localhost:3000\r\nOrigin: http://localhost:3000\r\nAccept: text/html\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{form}",
        form.len()
    ))
}

fn get(serving: &Serving, path: &str, cookie: &str) -> String {
    serving.ask(&format!(
        "GET {path} HTTP/1.1\r\nHost: localhost:3000\r\nAccept: text/html\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
    ))
}

/// Bookmarks a paper as a new reader. Answers the cookie.
fn bookmark(serving: &Serving) -> String {
    let answer = post(serving, "/fn/bookmark", "paper=2401.00001&bookmarked=true");
    let (_, rest) = answer.split_once("reader=").unwrap_or_else(|| panic!("{answer}"));
    format!("reader={}", rest.split(';').next().unwrap_or_default())
}

/// Subscribes. Answers the confirmation email.
fn subscribe(home: &Home, serving: &Serving) -> (PathBuf, String) {
    post(serving, "/fn/subscribe", "email=ada@example.org&zone=UTC");
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(20) {
        let emails = fs::read_dir(home.path("outbox")).into_iter().flatten().flatten();
        for path in emails.map(|file| file.path()) {
            if path.extension().is_some_and(|extension| extension == "eml") {
                let text = fs::read_to_string(&path).expect("an email");
                return (path, text.replace("=\r\n", ""));
            }
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("no email was written");
}

fn with_papers() -> Home {
    let home = Home::new();
    let run = home.run(&["import", &home.write("two.jsonl", TWO_PAPERS)]);
    assert!(run.status.success(), "{}", err(&run));
    home
}

fn stop(serving: Serving) {
    serving.signal("-TERM");
    assert_eq!(serving.ended(Duration::from_secs(20)).0, Some(0));
}

#[test]
fn a_restored_backup_knows_every_cookie_and_every_emailed_link() {
    let home = with_papers();
    let serving = home.serve();
    let cookie = bookmark(&serving);
    let (eml, email) = subscribe(&home, &serving);
    let copy = home.path("copy.db");
    let backup = home.run(&["backup", &copy]);
    assert!(backup.status.success(), "{}", err(&backup));
    // No other user can read any of it.
    let database = home.path("library.db");
    for file in ["", "-wal", "-shm", ".secret"] {
        assert_eq!(mode(format!("{database}{file}")), 0o600, "{file}");
    }
    assert_eq!(mode(&copy), 0o600);
    assert_eq!(mode(format!("{copy}.secret")), 0o600);
    assert_eq!((mode(home.path("outbox")), mode(eml)), (0o700, 0o600));
    // A database is not replaced without --force, and never while a server has it open.
    for arguments in [&["restore", &copy][..], &["restore", &copy, "--force"]] {
        let refused = home.run(arguments);
        assert_eq!(refused.status.code(), Some(1), "{arguments:?}");
        let text = err(&refused);
        assert!(
            text.contains("already exists") || text.contains("open in another process"),
            "{text}"
        );
    }
    assert!(get(&serving, "/bookmarks", &cookie).contains("One paper"));
    stop(serving);
    fs::remove_file(&database).expect("removed");
    fs::remove_file(format!("{database}.secret")).expect("removed");
    let restored = home.run(&["restore", &copy]);
    assert!(restored.status.success(), "{}", err(&restored));
    let serving = home.serve();
    assert!(get(&serving, "/bookmarks", &cookie).contains("One paper"));
    for path in ["/confirm/", "/unsubscribe/"] {
        let page = get(&serving, &format!("{path}{}", token(&email, path)), "");
        assert!(page.starts_with("HTTP/1.1 200"), "{path}: {page}");
    }
    stop(serving);
    let again = home.run(&["restore", &copy, "--force"]);
    assert!(again.status.success(), "{}", err(&again));
}

#[test]
fn a_secret_in_the_database_moves_to_a_file_and_old_cookies_stay_valid() {
    let home = with_papers();
    let serving = home.serve();
    let cookie = bookmark(&serving);
    stop(serving);
    // As an earlier release left it: the secret in the database, readable by everyone.
    let (database, file) = (home.path("library.db"), home.path("library.db.secret"));
    let secret = server::config::secret::read(Path::new(&file))
        .expect("read")
        .expect("a secret");
    fs::remove_file(&file).expect("removed");
    sql(&database, "delete from settings where name = 'secret_hash'", &[]);
    sql(
        &database,
        "insert into settings (name, value) values ('secret', $1)",
        &secret,
    );
    set_mode(&database, 0o644);
    let holds_secret = || {
        let bytes = fs::read(&database).expect("the file");
        bytes.windows(secret.len()).any(|part| part == secret)
    };
    assert!(holds_secret());
    let serving = home.serve();
    assert!(get(&serving, "/bookmarks", &cookie).contains("One paper"));
    stop(serving);
    assert_eq!((mode(&file), mode(&database)), (0o600, 0o600));
    assert!(!holds_secret(), "also not in the bytes of deleted rows");
    // The database without its secret is refused, and no new secret takes its place.
    fs::rename(&file, home.path("elsewhere")).expect("moved");
    let refused = home.run(&["digest", "send"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        err(&refused).contains("the secret of the database is missing"),
        "{}",
        err(&refused)
    );
    assert!(!Path::new(&file).exists());
    // Nor is the secret of another database taken.
    let other = with_papers();
    let serving = other.serve();
    get(&serving, "/healthz", "");
    stop(serving);
    fs::copy(other.path("library.db.secret"), &file).expect("copied");
    let refused = home.run(&["digest", "send"]);
    assert!(
        err(&refused).contains("the secret of another database"),
        "{}",
        err(&refused)
    );
    // The setting wins over the file.
    let configured = home
        .command(&["digest", "send"])
        .env("BROADSHEET_SECRET", "a secret of sixteen characters")
        .output()
        .expect("it runs");
    assert_eq!(configured.status.code(), Some(0), "{}", err(&configured));
}

fn sql(database: &str, statement: &'static str, value: &[u8]) {
    tokio::runtime::Runtime::new()
        .expect("a runtime")
        .block_on(async {
            let mut connection = SqliteConnectOptions::new()
                .filename(database)
                .connect()
                .await
                .expect("a connection");
            let mut query = sqlx::query(statement);
            if !value.is_empty() {
                query = query.bind(value);
            }
            query.execute(&mut connection).await.expect("done");
            connection.close().await.expect("closed");
        });
}
