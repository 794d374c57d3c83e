//! The format of emails: what mail programs read, and what a title cannot inject.

mod common;

use common::{Steps, hot_today, parsed};
use mail::{delivery::Step, transport::Outbox};
use mail_parser::{Message, MimeHeaders, PartType};
use store::SubscriptionRequest;
use testing::{
    mailing::{MailTest, SITE, mail_service},
    now,
    smtp::Received,
};

/// Checks what every email must have: RFC 5322 lines, RFC 2046 structure, RFC 8058 headers.
fn assert_well_formed(received: &Received) {
    let bytes = &received.bytes;
    let text = std::str::from_utf8(bytes).expect("ascii");
    assert!(text.is_ascii());
    for line in text.split("\r\n") {
        assert!(
            line.len() <= 998,
            "a line of {} bytes: {}…",
            line.len(),
            &line[..80]
        );
        assert!(!line.contains(['\r', '\n']), "a bare line break in {line:?}");
    }
    let mail = parsed(received);
    let root = mail.root_part();
    assert!(root.is_content_type("multipart", "alternative"));
    let PartType::Multipart(parts) = &root.body else {
        panic!("parts")
    };
    let kinds: Vec<&str> = parts
        .iter()
        .map(|part| {
            mail.part(*part)
                .and_then(|part| part.content_type()?.subtype())
                .unwrap_or_default()
        })
        .collect();
    assert_eq!(kinds, ["plain", "html"]);
    let header = |name: &'static str| {
        let values: Vec<&str> = mail
            .headers_raw()
            .filter(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
            .collect();
        assert_eq!(values.len(), 1, "{name} once, not {values:?}");
        values[0].to_owned()
    };
    let unsubscribe = header("List-Unsubscribe");
    assert!(
        unsubscribe.starts_with(&format!("<{SITE}/unsubscribe/"))
            && unsubscribe.ends_with('>')
            && !unsubscribe.contains(char::is_whitespace),
        "{unsubscribe}"
    );
    assert_eq!(header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    assert_eq!(header("Auto-Submitted"), "auto-generated");
    assert_eq!(header("Precedence"), "bulk");
    assert!(header("List-Id").contains("<daily.news.example.org>"));
    for name in ["Date", "From", "To", "Subject", "Message-ID", "MIME-Version"] {
        header(name);
    }
    assert!(!mail.headers_raw().any(|(name, _)| {
        ["bcc", "cc", "reply-to", "x-injected"].contains(&name.to_ascii_lowercase().as_str())
    }));
    assert_bodies(&mail, unsubscribe.trim_matches(['<', '>']));
}

/// Checks the HTML and the text of an email with this unsubscribe link.
fn assert_bodies(mail: &Message<'_>, link: &str) {
    let html = mail.body_html(0).expect("html");
    // The XML namespaces of the frame contain http, too; they are not links.
    for forbidden in [
        "<img",
        "<script",
        "javascript:",
        "\"http://local",
        "href=\"http://",
        "src=",
        "url(",
        "<link",
    ] {
        assert!(
            !html.to_ascii_lowercase().contains(forbidden),
            "{forbidden} in\n{html}"
        );
    }
    assert!(
        html.contains(link) && mail.body_text(0).expect("text").contains(link),
        "both parts have the unsubscribe link"
    );
    // People read the text part: only links may be longer than a line.
    for line in mail.body_text(0).expect("text").lines() {
        assert!(
            line.chars().count() <= 76 || line.contains("https://") || !line.trim().contains(' '),
            "{line}"
        );
    }
}

#[tokio::test]
async fn a_digest_reads_back_as_it_was_written() {
    let mut papers = hot_today(12);
    papers[0].title = "Größe & <Menge> von $\\alpha_1$: “quotes”, 深層学習 🦀".to_owned();
    papers[1].title = format!("A title {}", "that goes on and on ".repeat(90))
        .trim()
        .to_owned();
    papers[2].abstract_text = format!(
        "{}\u{2028}.\r\n.\r\nEnd & <b>bold</b> {{{{ braces }}}}",
        "unbroken".repeat(200)
    );
    papers[3].authors = vec!["<script>alert(1)</script>".into(), "O'Neil \"Q\" & Sons".into()];
    papers[4].code_url = Some("https://github.com/a/b".into());
    let test = MailTest::with(&papers).await;
    test.subscribe_number(1, "Europe/Berlin", now()).await;
    test.queue(now()).await;
    assert_eq!(test.steps(now()).await.len(), 1);
    let received = &test.server.received()[0];
    assert!(
        received.from.contains("<news+bounce.") && received.from.contains("@example.org>"),
        "{}",
        received.from
    );
    assert_well_formed(received);
    let mail = parsed(received);
    let subject = mail.subject().expect("a subject");
    assert!(
        subject.starts_with("Größe & <Menge> von α₁: “quotes”, 深層学習 🦀")
            && subject.ends_with(" + 9 more papers"),
        "{subject}"
    );
    let id = mail.message_id().expect("an id");
    assert!(
        id.starts_with("digest.2026-11-24.") && id.ends_with("@news.example.org"),
        "{id}"
    );
    assert_eq!(
        mail.date().map(|date| date.to_timestamp()),
        Some(now().as_second())
    );
    let html = mail.body_html(0).expect("html");
    assert!(
        html.contains("&lt;Menge&gt;") || html.contains("&#60;Menge&#62;"),
        "escaped: {html}"
    );
    assert!(html.contains("https://github.com/a/b"));
    let text = mail.body_text(0).expect("text");
    assert!(
        text.contains("Tuesday 24 November 2026") && text.contains("10 papers") && text.contains("<Menge>"),
        "{text}"
    );
    assert!(
        text.contains("Ada Lovelace, Emmy Noether, Sofia K and 1 more"),
        "{text}"
    );
}

#[tokio::test]
async fn the_confirmation_email_is_well_formed() {
    let test = MailTest::with(&[]).await;
    test.mail
        .subscribe(
            &"o'neil+papers@cs.example.org".parse().expect("address"),
            &SubscriptionRequest::usual("UTC"),
            false,
            now(),
        )
        .await
        .expect("taken");
    assert_eq!(test.steps(now()).await.len(), 1);
    let received = &test.server.received()[0];
    let mail = parsed(received);
    assert_eq!(
        mail.subject(),
        Some("Please confirm your Broadsheet subscription")
    );
    for body in [mail.body_text(0), mail.body_html(0)] {
        assert!(body.expect("a body").contains(&format!("{SITE}/confirm/")));
    }
    assert!(
        mail.header_raw("Auto-Submitted").is_some()
            && received.to[0].contains("<o'neil+papers@cs.example.org>")
    );
}

#[tokio::test]
async fn no_title_can_add_a_header_or_a_recipient() {
    let mut papers = hot_today(1);
    papers[0].title = "Innocent\r\nBcc: everyone@example.org\r\nX-Injected: yes\r\n\r\nBody".to_owned();
    papers[0].abstract_text = "A line\r\n.\r\nMAIL FROM:<evil@example.org>\r\n".to_owned();
    let test = MailTest::with(&papers).await;
    test.subscribe_number(1, "UTC", now()).await;
    test.queue(now()).await;
    assert_eq!(test.steps(now()).await.len(), 1);
    let received = test.server.received();
    assert_eq!((received.len(), received[0].to.len()), (1, 1));
    assert_well_formed(&received[0]);
    assert!(
        parsed(&received[0])
            .subject()
            .expect("a subject")
            .starts_with("Innocent Bcc:")
    );
    for address in [
        "a@example.org\r\nBcc: b@example.org",
        "a@example.org>, <b@example.org",
        "a b@example.org",
        "\"a\r\n\"@example.org",
    ] {
        assert!(address.parse::<domain::EmailAddress>().is_err(), "{address:?}");
    }
}

#[tokio::test]
async fn without_a_mail_server_emails_are_written_as_files() {
    let test = MailTest::with(&hot_today(2)).await;
    let folder = tempfile::tempdir().expect("a folder");
    let outbox = folder.path().join("outbox");
    let reader = test.subscribe_number(1, "UTC", now()).await;
    test.queue(now()).await;
    let mail = mail_service(&test.library, Outbox::Folder(outbox.clone()));
    assert_eq!(mail.deliver_one(now()).await.expect("a step"), Step::Sent(reader));
    let names: Vec<String> = std::fs::read_dir(&outbox)
        .expect("a folder")
        .map(|entry| entry.expect("a file").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(names.len(), 1);
    assert!(
        names[0].starts_with("digest.2026-11-24.") && names[0].ends_with(".eml"),
        "{names:?}"
    );
    let bytes = std::fs::read(outbox.join(&names[0])).expect("an email");
    assert_well_formed(&Received {
        from: String::new(),
        to: vec![],
        bytes,
    });
    // A folder that cannot be created is a reason to try again.
    let blocked = mail_service(
        &test.library,
        Outbox::Folder(test.library.path.join("not-a-folder")),
    );
    let emmy = test.subscribe_number(2, "UTC", now()).await;
    test.queue(now()).await;
    assert_eq!(
        blocked.deliver_one(now()).await.expect("a step"),
        Step::Deferred(emmy)
    );
}
