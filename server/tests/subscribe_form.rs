//! The form for subscribing, over HTTP: what is invalid is returned with the reason.

mod common;

use axum::http::{StatusCode, header};
use common::Broadsheet;

#[tokio::test]
async fn an_invalid_address_is_returned_with_what_is_wrong() {
    let broadsheet = Broadsheet::with_the_sample().await;
    for (network, (email, words)) in [
        ("", "Enter your email address."),
        ("ada", "needs exactly one “@”"),
        (
            "ada@example.org%0D%0ABcc:everyone@example.org",
            "cannot contain spaces or line breaks",
        ),
        ("ada@example.org%0A", "cannot contain spaces or line breaks"),
        ("ada%00@example.org", "cannot contain spaces or line breaks"),
        ("%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "needs exactly one “@”"),
        ("%ff%fe@example.org", "is not valid"),
    ]
    .into_iter()
    .enumerate()
    {
        let from = format!("203.0.113.{network}");
        let from = [("x-forwarded-for", from.as_str())];
        let page = broadsheet
            .post("/fn/subscribe", &format!("email={email}"), &from)
            .await;
        assert_eq!(
            page.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{email}: {}",
            page.body
        );
        page.assert_says(words);
        page.assert_says(r#"aria-invalid="true""#);
        assert!(!page.says("<script>alert"), "{email}");
        page.assert_safe();
        assert!(page.header(header::SET_COOKIE).is_empty(), "the banner stays");
        let script = broadsheet
            .post_as_script("/fn/subscribe", &format!("email={email}"), &from)
            .await;
        script.assert_problem(StatusCode::UNPROCESSABLE_ENTITY, words);
    }
    assert_eq!(broadsheet.deliver().await, 0);
}

#[tokio::test]
async fn a_form_without_an_address_is_answered_with_a_page() {
    let broadsheet = Broadsheet::with_the_sample().await;
    for body in [
        "",
        "zone=UTC",
        "email[a]=b",
        "email=a@example.org&email=b@example.org",
    ] {
        let page = broadsheet.post("/fn/subscribe", body, &[]).await;
        assert_eq!(
            page.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{body}: {}",
            page.body
        );
        page.assert_says("Invalid request");
        page.assert_safe();
    }
}

#[tokio::test]
async fn an_unknown_zone_is_read_as_utc() {
    let broadsheet = Broadsheet::with_the_sample().await;
    broadsheet
        .post(
            "/fn/subscribe",
            "email=ada@example.org&zone=../../etc/passwd%0d%0a",
            &[],
        )
        .await;
    assert_eq!(broadsheet.deliver().await, 1);
    let confirm = common::token(&broadsheet.last_email(), "/confirm/");
    broadsheet
        .get(&format!("/confirm/{confirm}"))
        .await
        .assert_says("at 08:00, Monday to Friday (UTC)");
}

/// The recipient of the confirmation email.
fn recipient(email: &str) -> String {
    let line = email.lines().find_map(|line| line.strip_prefix("To: "));
    line.expect("a recipient").trim().to_owned()
}

#[tokio::test]
async fn an_address_is_accepted_as_people_paste_it() {
    for (network, (typed, address)) in [
        ("%E2%80%8Bada%40example.org", "ada@example.org"),
        ("ada%40example.org%E2%80%8B", "ada@example.org"),
        ("%EF%BB%BFada%40example.org", "ada@example.org"),
        ("ada%E2%80%AC%40example.org", "ada@example.org"),
        ("mailto:ada%40example.org", "ada@example.org"),
        ("Ada+Lovelace+%3Cada%40example.org%3E", "ada@example.org"),
        ("ada%EF%BC%A0example.org", "ada@example.org"),
        ("%22ada%40example.org%22%2C+", "ada@example.org"),
        ("leserin%40b%C3%BCcher.example", "leserin@xn--bcher-kva.example"),
        ("leserin%40xn--bcher-kva.example", "leserin@xn--bcher-kva.example"),
    ]
    .into_iter()
    .enumerate()
    {
        let broadsheet = Broadsheet::with_the_sample().await;
        let from = format!("198.51.100.{network}");
        let page = broadsheet
            .post(
                "/fn/subscribe",
                &format!("email={typed}"),
                &[("x-forwarded-for", &from)],
            )
            .await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{typed}: {}", page.body);
        assert_eq!(broadsheet.deliver().await, 1, "{typed}");
        assert_eq!(recipient(&broadsheet.last_email()), address, "{typed}");
    }
}

#[tokio::test]
async fn both_spellings_of_a_domain_give_one_subscriber() {
    let broadsheet = Broadsheet::with_the_sample().await;
    for email in ["leserin%40b%C3%BCcher.example", "Leserin%40XN--BCHER-KVA.example"] {
        let page = broadsheet
            .post("/fn/subscribe", &format!("email={email}"), &[])
            .await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{email}: {}", page.body);
    }
    // The second request comes too soon after the first to send another confirmation.
    assert_eq!(broadsheet.deliver().await, 1);
}

#[tokio::test]
async fn the_error_names_the_unsupported_letter() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let page = broadsheet
        .post("/fn/subscribe", "email=j%C3%BCrgen%40example.org", &[])
        .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.assert_says("contains “ü” (U+00FC)");
    assert_eq!(broadsheet.deliver().await, 0);
}
