//! Reports as several mail servers write them, and emails that only look like reports.
//!
//! The file is long because its many small tests share the fixtures.

use std::{fs, path::Path};

use mail::bounces::{Action, Kind, NotAReport, Recipient, Report, files, mails, read};

const FIXTURES: [&str; 11] = [
    "complaint",
    "diagnostic_only",
    "exchange_localised",
    "exim_two_recipients",
    "gmail_no_such_user",
    "ordinary_email",
    "out_of_office",
    "postfix_unknown_user",
    "qmail",
    "still_trying",
    "utf8_address",
];

fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/bounces/{name}.eml"));
    fs::read(path).expect("a fixture")
}

fn report(name: &str) -> Report {
    read(&fixture(name)).expect("a report")
}

fn only(report: &Report) -> &Recipient {
    let [one] = report.recipients.as_slice() else {
        panic!("one recipient: {:?}", report.recipients);
    };
    one
}

/// A report with this delivery status.
fn with_status(status: &str) -> Vec<u8> {
    format!(
        "From: <postmaster@x.example>\nContent-Type: multipart/report; boundary=b\n\n\
         --b\nContent-Type: message/delivery-status\n\n{status}\n--b--\n"
    )
    .into_bytes()
}

fn recipient(group: &str) -> Recipient {
    only(
        &read(&with_status(&format!(
            "Reporting-MTA: dns; x.example\n\n{group}\n"
        )))
        .expect("a report"),
    )
    .clone()
}

#[test]
fn postfix_names_the_unknown_user_and_returns_the_head_of_the_email() {
    let report = report("postfix_unknown_user");
    assert_eq!(report.kind, Kind::Failed);
    assert_eq!(report.marks, ["bounce.17.0123456789abcdef0123456789abcdef"]);
    assert_eq!(report.message_ids, ["daily.17.2026-03-03@news.example.org"]);
    assert_eq!(
        report.recipients,
        [Recipient {
            address: "ada@reader.example".to_owned(),
            action: Some(Action::Failed),
            status: Some("5.1.1".to_owned()),
            diagnostic: Some("550 5.1.1 <ada@reader.example>: nobody of that name lives here".to_owned()),
        }]
    );
}

#[test]
fn gmail_nests_its_notice_in_three_parts_and_folds_its_diagnostic() {
    let report = report("gmail_no_such_user");
    assert_eq!(report.kind, Kind::Failed);
    assert_eq!(report.marks, ["bounce.23.aaaabbbbccccdddd"]);
    assert_eq!(report.message_ids, ["daily.23.2026-03-03@news.example.org"]);
    let one = only(&report);
    assert_eq!(one.address, "grace@gmail.example");
    assert_eq!(one.status.as_deref(), Some("5.1.1"));
    assert!(
        one.diagnostic
            .as_deref()
            .is_some_and(|line| line.ends_with("/?p=NoSuchUser"))
    );
}

#[test]
fn a_report_with_one_failed_recipient_of_two_is_a_failure_and_each_keeps_its_action() {
    let report = report("exim_two_recipients");
    assert_eq!(report.kind, Kind::Failed);
    assert_eq!(
        report.marks,
        ["bounce.5.00112233445566778899aabbccddeeff00112233"]
    );
    let said: Vec<_> = report
        .recipients
        .iter()
        .map(|one| (one.address.as_str(), one.action, one.status.as_deref()))
        .collect();
    assert_eq!(
        said,
        [
            ("slow@forward.example", Some(Action::Delayed), Some("4.4.1")),
            ("gone@forward.example", Some(Action::Failed), Some("5.2.2")),
        ],
        "the other server's 5.2.2 tells more than Exim's 5.0.0"
    );
}

#[test]
fn an_email_returned_in_part_still_has_its_message_id() {
    let report = report("exim_two_recipients");
    assert_eq!(report.message_ids, ["daily.5.2026-03-03@news.example.org"]);
    let whole = String::from_utf8(fixture("exim_two_recipients")).expect("text");
    let cut = &whole[..whole.rfind("news.example.org>").expect("the id") + 4];
    let report = read(cut.as_bytes()).expect("a report");
    assert_eq!(
        report.message_ids,
        ["daily.5.2026-03-03@news.example.org"],
        "a Message-ID that was cut off is ignored, and the one that the report replies to is used"
    );
}

#[test]
fn exchange_encodes_its_parts_and_writes_german() {
    let report = report("exchange_localised");
    assert_eq!(report.kind, Kind::Failed);
    assert_eq!(report.marks, ["bounce.8.feedfacefeedface"]);
    assert_eq!(report.message_ids, ["daily.8.2026-03-03@news.example.org"]);
    let one = only(&report);
    assert_eq!(one.address, "jürgen@firma.example");
    assert_eq!(one.status.as_deref(), Some("5.1.10"));
    assert_eq!(
        one.diagnostic.as_deref(),
        Some("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Empfänger nicht gefunden")
    );
}

#[test]
fn a_delay_asks_for_nothing() {
    let report = report("still_trying");
    assert_eq!(report.kind, Kind::Passing);
    assert_eq!(report.marks, ["bounce.31.0123456789abcdef"]);
    let one = only(&report);
    assert_eq!(
        (one.action, one.status.as_deref()),
        (Some(Action::Delayed), Some("4.4.1"))
    );
    assert_eq!(
        one.diagnostic.as_deref(),
        Some("connect to mail.reader.example[192.5.1.1]:25: timed out")
    );
}

#[test]
fn an_address_can_be_in_any_script() {
    let report = report("utf8_address");
    assert_eq!(report.kind, Kind::Failed);
    assert_eq!(report.message_ids, ["daily.44.2026-03-03@news.example.org"]);
    assert_eq!(only(&report).address, "用户@例え.example");
    let escaped = recipient(r"Final-Recipient: utf-8; J\x{FC}rgen@x.example");
    assert_eq!(escaped.address, "Jürgen@x.example");
    let broken = recipient(r"Final-Recipient: utf-8; a\x{110000}b\x{@x.example");
    assert_eq!(broken.address, r"a\x{110000}b\x{@x.example");
}

#[test]
fn qmail_writes_plain_text() {
    let report = report("qmail");
    assert_eq!(report.kind, Kind::Failed);
    assert_eq!(report.marks, ["bounce.52.abcdefabcdefabcdef"]);
    assert_eq!(report.message_ids, ["daily.52.2026-03-03@news.example.org"]);
    let said: Vec<_> = report
        .recipients
        .iter()
        .map(|one| {
            (
                one.address.as_str(),
                one.status.as_deref(),
                one.diagnostic.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            (
                "linus@qmail.example",
                Some("5.1.1"),
                Some("There is no mailbox of this name here. (#5.1.1)")
            ),
            (
                "alan@far.example",
                None,
                Some("192.0.2.9 did not like the recipient. Remote host said: 554 We know no Alan; good bye")
            ),
        ]
    );
}

#[test]
fn without_action_and_status_the_text_of_the_other_server_decides() {
    let report = report("diagnostic_only");
    assert_eq!(report.kind, Kind::Failed);
    assert_eq!(
        report.marks,
        ["bounce.61.deadbeefdeadbeef"],
        "in an address that a forwarder rewrote"
    );
    let one = only(&report);
    assert_eq!(one.address, "barbara@old.example");
    assert_eq!(
        (one.action, one.status.as_deref()),
        (Some(Action::Failed), Some("5.1.1"))
    );

    let bare = recipient("Final-Recipient: rfc822; a@x.example\nDiagnostic-Code: smtp; 550 no such user");
    assert_eq!((bare.action, bare.status), (Some(Action::Failed), None));
    let later = recipient("Final-Recipient: rfc822; a@x.example\nDiagnostic-Code: smtp; 451 come back");
    assert_eq!(later.action, Some(Action::Delayed));
    let silent = recipient("Final-Recipient: rfc822; a@x.example");
    assert_eq!(silent.action, None);
}

#[test]
fn a_status_code_is_not_confused_with_addresses_or_versions() {
    let code = |said: &str| {
        recipient(&format!(
            "Final-Recipient: rfc822; a@x.example\nDiagnostic-Code: smtp; {said}"
        ))
        .status
    };
    assert_eq!(code("554 refused by [192.5.1.1] (Postfix 2.5.1)"), None);
    assert_eq!(
        code("554 5.1.1.2 is no code, v5.1.1 neither, 5.7.26. is"),
        Some("5.7.26".to_owned())
    );
    assert_eq!(code("550-5.7.1 [spam]"), Some("5.7.1".to_owned()));
    assert_eq!(code("550 #5.1.1 unknown"), Some("5.1.1".to_owned()));
}

#[test]
fn a_success_asks_for_nothing() {
    for action in ["delivered", "Relayed", "EXPANDED (to a list)"] {
        let bytes = with_status(&format!(
            "Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@x.example\nAction: {action}\nStatus: 2.0.0\n"
        ));
        assert_eq!(
            read(&bytes).map(|report| report.kind),
            Ok(Kind::Passing),
            "{action}"
        );
    }
}

#[test]
fn the_address_that_we_used_is_preferred_to_the_one_it_was_forwarded_to() {
    let one = recipient(
        "Final-Recipient: rfc822; b@elsewhere.example\nOriginal-Recipient: rfc822;a@x.example\nAction: failed",
    );
    assert_eq!(one.address, "a@x.example");
    let quoted = recipient("Final-Recipient: rfc822; \"a b\"@x.example\nAction: failed");
    assert_eq!(quoted.address, "\"a b\"@x.example");
}

#[test]
fn a_diagnostic_is_one_bounded_line_without_control_characters() {
    let words = "ж".repeat(300);
    let one = recipient(&format!(
        "Final-Recipient: rfc822; a@x.example\nDiagnostic-Code: smtp; 550\u{1b}[31m \t\u{202e}no\u{7}\n {words}"
    ));
    let line = one.diagnostic.expect("a diagnostic");
    assert!(line.starts_with("550[31m no ж"), "{line}");
    assert_eq!(line.chars().count(), 200);
}

#[test]
fn a_spam_report_is_a_complaint() {
    let report = report("complaint");
    assert_eq!(report.kind, Kind::Complaint);
    assert_eq!(report.marks, ["bounce.70.cafebabecafebabe"]);
    assert_eq!(report.message_ids, ["daily.70.2026-03-03@news.example.org"]);
    let one = only(&report);
    assert_eq!(
        (one.address.as_str(), one.action),
        ("edsger@provider.example", None)
    );
}

#[test]
fn a_withdrawn_spam_report_is_not_a_complaint() {
    let text = String::from_utf8(fixture("complaint")).expect("text");
    let kind =
        |feedback: &str| read(text.replace("Feedback-Type: abuse", feedback).as_bytes()).map(|it| it.kind);
    assert_eq!(kind("Feedback-Type: not-spam"), Ok(Kind::Passing));
    assert_eq!(kind("Feedback-Type: auth-failure"), Ok(Kind::Passing));
    assert_eq!(kind("Feedback-Type: Abuse (pressed)"), Ok(Kind::Complaint));
    assert_eq!(kind("X-Feedback: none"), Err(NotAReport::NoFeedbackType));
}

#[test]
fn marks_have_one_form_and_are_in_lower_case_without_repetitions() {
    let marks = |value: &str| {
        let mut mail = format!("To: {value}\n").into_bytes();
        mail.extend(with_status(
            "Final-Recipient: rfc822; a@x.example\nAction: failed\n",
        ));
        read(&mail).expect("a report").marks
    };
    let hex = "0123456789abcdef";
    assert_eq!(
        marks(&format!(
            "<news+BOUNCE.2.{hex}@x>, news+bounce.1.{}@x, <a+bounce.2.{hex}@y>",
            hex.to_uppercase()
        )),
        [format!("bounce.2.{hex}"), format!("bounce.1.{hex}")]
    );
    assert_eq!(
        marks(&format!("news+2Bbounce.3.{hex}@x")),
        [format!("bounce.3.{hex}")]
    );
    assert_eq!(
        marks(&format!("bounce.bounce.4.{hex}@x")),
        [format!("bounce.4.{hex}")]
    );
    for wrong in [
        "bounce.1.abc@x",
        "bounce..0123456789abcdef@x",
        "bounce.1x.0123456789abcdef@x",
    ] {
        assert!(marks(wrong).is_empty(), "{wrong}");
    }
    assert!(
        marks(&format!("bounce.1.{hex}{hex}{hex}@x")).is_empty(),
        "48 are too many"
    );
    assert!(marks(&format!("bounce.1.{hex}g@x")).is_empty());
}

#[test]
fn without_a_returned_email_the_message_ids_are_those_the_report_replies_to() {
    let mut mail = b"In-Reply-To: <one@x>\nReferences: <zero@x>\n\t<one@x>\n".to_vec();
    mail.extend(with_status(
        "Final-Recipient: rfc822; a@x.example\nAction: failed\n",
    ));
    assert_eq!(read(&mail).expect("a report").message_ids, ["one@x", "zero@x"]);
}

#[test]
fn an_email_that_is_not_a_report_is_refused_with_the_reason() {
    assert_eq!(read(b""), Err(NotAReport::Empty));
    assert_eq!(read(b" \r\n\n"), Err(NotAReport::Empty));
    assert_eq!(read(&vec![b'a'; 1_048_577]), Err(NotAReport::TooLarge(1_048_577)));
    assert_eq!(read(b"a line of junk\n"), Err(NotAReport::Unreadable));
    assert_eq!(read(&fixture("out_of_office")), Err(NotAReport::AutoReply));
    assert_eq!(
        read(&fixture("ordinary_email")),
        Err(NotAReport::Ordinary),
        "the report is not about an email of ours"
    );
    assert_eq!(
        read(&with_status("Reporting-MTA: dns; x\n")),
        Err(NotAReport::NoRecipient)
    );
    assert_eq!(
        read(b"Subject: a\n\n<a@x.example>:\n5.1.1\n"),
        Err(NotAReport::Ordinary)
    );
    assert_eq!(
        NotAReport::AutoReply.to_string(),
        "an automatic reply, such as an out-of-office note"
    );
}

#[test]
fn line_endings_make_no_difference() {
    for name in FIXTURES {
        let bytes = fixture(name);
        let text = String::from_utf8(bytes.clone()).expect("text");
        assert_eq!(
            read(text.replace('\n', "\r\n").as_bytes()),
            read(&bytes),
            "{name}"
        );
    }
}

#[test]
fn an_mbox_holds_many_emails_and_any_other_file_one() {
    let mbox = b"From MAILER-DAEMON Tue Mar  3 06:00:00 2026\nSubject: one\n\n>From here\n>>From there\n\n\
        From MAILER-DAEMON Tue Mar  3 06:00:01 2026\nSubject: two\n\nbody\n";
    let [one, two] = mails(mbox).try_into().expect("two mails");
    assert_eq!(one, b"Subject: one\n\nFrom here\n>From there\n\n");
    assert_eq!(two, b"Subject: two\n\nbody\n");

    assert_eq!(mails(b"From: a@x\n\nFrom afar\n"), [b"From: a@x\n\nFrom afar\n"]);
    assert!(mails(b"\n \n").is_empty());
}

#[test]
fn reports_in_an_mbox_read_like_single_files() {
    let mut mbox = Vec::new();
    for name in FIXTURES {
        mbox.extend_from_slice(b"From MAILER-DAEMON Tue Mar  3 06:00:00 2026\n");
        mbox.extend(fixture(name));
        mbox.extend_from_slice(b"\n\n");
    }
    let alone: Vec<_> = FIXTURES.iter().map(|name| read(&fixture(name))).collect();
    let together: Vec<_> = mails(&mbox).iter().map(|mail| read(mail)).collect();
    assert_eq!(together, alone);
}

#[test]
fn a_maildir_has_new_and_read_emails_but_none_that_are_being_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let put = |name: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, "x").expect("a file");
    };
    let names = |paths: Vec<std::path::PathBuf>| -> Vec<String> {
        paths
            .iter()
            .map(|path| {
                path.strip_prefix(folder.path())
                    .expect("inside")
                    .display()
                    .to_string()
            })
            .collect()
    };
    put("b.eml");
    put("a.eml");
    put(".hidden.eml");
    put("tmp/3.host");
    assert_eq!(names(files(folder.path()).expect("a list")), ["a.eml", "b.eml"]);
    put("new/2.host");
    put("cur/1.host:2,S");
    put("cur/.nfs");
    put("cur/deeper/0.host");
    assert_eq!(
        names(files(folder.path()).expect("a list")),
        ["cur/1.host:2,S", "new/2.host"]
    );
    assert!(files(&folder.path().join("missing")).is_err());
}
