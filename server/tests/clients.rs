//! One client cannot take the site from the others.

mod common;

use std::{net::SocketAddr, time::Duration};

use axum::{Router, http::StatusCode, routing::get};
use common::{Broadsheet, program::Home, program::err, request};
use server::{
    clients::{ClientLimits, TrustedProxies},
    router::router,
    serve::{Limits, serve},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
};
use tower::ServiceExt;

/// Serves a small page, a large file and a quiet stream on a real socket; no proxy is trusted.
async fn listening(connections: u32, stall: Duration) -> SocketAddr {
    let quiet = || async {
        axum::response::Sse::new(futures_util::stream::pending::<
            Result<axum::response::sse::Event, std::convert::Infallible>,
        >())
    };
    let router = Router::new()
        .route("/small", get(|| async { "small" }))
        .route("/large", get(|| async { vec![b'x'; 32 * 1024 * 1024] }))
        .route("/quiet", get(quiet));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    let nobody: TrustedProxies = "".parse().expect("no networks");
    let limits = Limits {
        clients: ClientLimits::new(nobody, connections, 64, 2),
        stall,
    };
    tokio::spawn(serve(listener, router, limits, std::future::pending()));
    address
}

async fn ask(address: SocketAddr, path: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4_096).expect("a small buffer");
    let mut stream = socket.connect(address).await.expect("a connection");
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    // A connection that was refused may be closed already.
    let _ = stream.write_all(request.as_bytes()).await;
    stream
}

/// Whether any byte of an answer comes.
async fn is_answered(mut stream: TcpStream) -> bool {
    let mut byte = [0];
    stream.read(&mut byte).await.is_ok_and(|read| read == 1)
}

#[tokio::test]
async fn a_client_with_too_many_connections_gets_no_further_one() {
    let address = listening(3, Duration::from_secs(30)).await;
    let mut open = Vec::new();
    for _ in 0..3 {
        let stream = ask(address, "/small").await;
        stream.readable().await.expect("an answer");
        open.push(stream);
    }
    assert!(!is_answered(ask(address, "/small").await).await);
    open.pop();
    for _ in 0..100 {
        if is_answered(ask(address, "/small").await).await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the place of a closed connection was not free again");
}

#[tokio::test]
async fn a_client_that_never_reads_loses_its_connection_and_a_quiet_stream_does_not() {
    let address = listening(2, Duration::from_millis(200)).await;
    let mut quiet = ask(address, "/quiet").await;
    quiet.readable().await.expect("its headers");
    let _never_reads = ask(address, "/large").await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(
        !is_answered(ask(address, "/small").await).await,
        "both places are taken"
    );
    let mut is_free = false;
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        is_free = is_answered(ask(address, "/small").await).await;
        if is_free {
            break;
        }
    }
    assert!(is_free, "the connection that never reads was closed");
    tokio::time::sleep(Duration::from_millis(300)).await;
    let mut headers = [0; 4_096];
    assert!(quiet.read(&mut headers).await.expect("headers") > 0);
    let more = tokio::time::timeout(Duration::from_millis(100), quiet.read(&mut headers)).await;
    assert!(more.is_err(), "the quiet stream is still open: {more:?}");
}

/// A Broadsheet in which one client may have one request and one search at a time.
async fn strict() -> Broadsheet {
    let mut broadsheet = Broadsheet::with_the_sample().await;
    broadsheet.state.clients = ClientLimits {
        search_wait: Duration::from_millis(10),
        ..ClientLimits::new(TrustedProxies::default(), 1, 1, 1)
    };
    broadsheet.router = router(broadsheet.state.clone());
    broadsheet
}

#[tokio::test]
async fn a_request_is_in_flight_until_its_response_is_read() {
    let broadsheet = strict().await;
    let asked = || request(axum::http::Method::GET, "/", &[], "");
    let unread = broadsheet
        .router
        .clone()
        .oneshot(asked())
        .await
        .expect("an answer");
    assert_eq!(unread.status(), StatusCode::OK);
    let refused = broadsheet.get("/").await;
    refused.assert_problem(StatusCode::TOO_MANY_REQUESTS, "try again in a few seconds");
    assert_eq!(refused.header("retry-after"), "2");
    let other = broadsheet
        .get_with("/", &[("x-forwarded-for", "203.0.113.9")])
        .await;
    assert_eq!(other.status, StatusCode::OK, "another client");
    drop(unread);
    assert_eq!(broadsheet.get("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn further_searches_of_one_client_wait_and_then_get_a_page_that_says_so() {
    let broadsheet = strict().await;
    let from = |address: &'static str| [("x-forwarded-for", address)];
    let running = broadsheet
        .state
        .clients
        .searches
        .take("203.0.113.9".parse().expect("an address"));
    assert!(running.is_some());
    let refused = broadsheet.get_with("/?q=convergence", &from("203.0.113.9")).await;
    refused.assert_error(StatusCode::TOO_MANY_REQUESTS, "Too many searches at once");
    assert_eq!(refused.header("retry-after"), "2");
    let feed = broadsheet
        .get_with(
            "/feed.atom?q=convergence",
            &[("x-forwarded-for", "203.0.113.9"), ("accept", "*/*")],
        )
        .await;
    feed.assert_problem(StatusCode::TOO_MANY_REQUESTS, "still running");
    for (path, address) in [
        ("/", "203.0.113.9"),
        ("/?category=cs.LG", "203.0.113.9"),
        ("/?q=convergence", "203.0.113.10"),
    ] {
        let page = broadsheet.get_with(path, &from(address)).await;
        assert_eq!(page.status, StatusCode::OK, "{path} {address}");
    }
    drop(running);
    let page = broadsheet.get_with("/?q=convergence", &from("203.0.113.9")).await;
    assert_eq!(page.status, StatusCode::OK);
}

#[test]
fn a_bad_list_of_proxies_is_named_at_the_start() {
    let home = Home::new();
    let run = home
        .command(&["serve"])
        .env("BROADSHEET_TRUSTED_PROXIES", "caddy")
        .output()
        .expect("it runs");
    assert_ne!(run.status.code(), Some(0));
    for part in ["trusted-proxies", "“caddy” is not a network", "172.17.0.0/16"] {
        assert!(err(&run).contains(part), "{}", err(&run));
    }
}
