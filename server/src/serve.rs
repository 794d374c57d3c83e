//! Listening: HTTP/1.1 with bounded headers and time, and a graceful end.

use std::{net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Router, body::Body, http::Request};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tower::ServiceExt;

/// Who is connected; set on every request.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// All headers of a request together. A search of 10 kB, percent-encoded, fits.
const MOST_HEADER_BYTES: usize = 64 * 1024;
/// A client that sends its headers more slowly than this is cut off.
const HEADER_TIMEOUT: Duration = Duration::from_secs(15);
/// Connections at once; more wait in the kernel's queue. Readers need a handful each, and each costs a few kB.
const MOST_CONNECTIONS: usize = 2_048;
/// What is in flight when the program is told to stop gets this long.
pub const GRACE: Duration = Duration::from_secs(10);

/// Serves until `stop` resolves, then finishes what is in flight.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_buf_size(MOST_HEADER_BYTES);
    let graceful = GracefulShutdown::new();
    let mut stop = pin!(stop);
    let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let (place, (stream, peer)) = tokio::select! {
            accepted = accept(&listener, &room) => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file descriptors, or a connection that died in the queue: neither ends the service.
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        // Without this a small write waits for the client's delayed acknowledgement: 40 ms a page.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "no TCP_NODELAY");
        }
        let router = router.clone();
        let service = tower::service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer));
            router.clone().oneshot(request.map(Body::new))
        });
        let connection =
            graceful.watch(http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service)));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended");
            }
            drop(place);
        });
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => tracing::info!("everything in flight has been answered"),
        () = tokio::time::sleep(GRACE) => tracing::warn!("some requests were cut off after {} s", GRACE.as_secs()),
    }
    Ok(())
}

/// The next connection, once there is room for it.
async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> std::io::Result<(OwnedSemaphorePermit, (TcpStream, SocketAddr))> {
    let place = room
        .clone()
        .acquire_owned()
        .await
        .map_err(std::io::Error::other)?;
    Ok((place, listener.accept().await?))
}

/// Resolves at SIGTERM or SIGINT.
pub async fn told_to_stop() {
    let interrupt = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "cannot listen for SIGINT");
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(error) => {
                tracing::error!(%error, "cannot listen for SIGTERM");
                std::future::pending::<()>().await;
            }
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
    tracing::info!("stopping");
}
