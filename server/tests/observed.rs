//! What an operator sees of the requests: the id on error pages and in headers, and the metrics.

mod common;

use axum::http::StatusCode;
use common::Broadsheet;

#[tokio::test]
async fn every_answer_has_an_id_and_the_error_page_shows_it() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let front = broadsheet.get("/").await;
    let missing = broadsheet.get("/papers/2510.00000").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    let ids = [&front, &missing].map(|answer| answer.header("x-request-id").to_owned());
    assert!(
        ids.iter()
            .all(|id| id.len() == 16 && id.chars().all(|c| c.is_ascii_hexdigit())),
        "{ids:?}"
    );
    assert_ne!(ids[0], ids[1]);
    missing.assert_says(&format!("Request {}", ids[1]));
    let problem = broadsheet
        .get_with("/nowhere", &[("accept", "application/json")])
        .await;
    assert_eq!(problem.header("x-request-id").len(), 16);
}

#[tokio::test]
async fn the_metrics_count_requests_by_route_and_hold_no_path() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let token = "a".repeat(43);
    broadsheet.get("/papers/2510.06062").await;
    broadsheet.get(&format!("/confirm/{token}")).await;
    broadsheet.get("/no/such/page").await;
    let metrics = broadsheet.get("/metrics").await;
    for line in [
        r#"broadsheet_requests_total{method="GET",route="/papers/{*key}",status="200"} 1"#,
        r#"route="/confirm/{token}""#,
        r#"route="none""#,
        r#"broadsheet_request_duration_seconds_count{route="/papers/{*key}"} 1"#,
        "broadsheet_build_info{version=",
    ] {
        assert!(metrics.says(line), "{line}\n{}", metrics.body);
    }
    assert!(!metrics.says(&token) && !metrics.says("such"), "{}", metrics.body);
}
