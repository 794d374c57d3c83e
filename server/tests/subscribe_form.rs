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
