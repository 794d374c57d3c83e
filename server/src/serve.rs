//! The HTTP/1.1 server: limits for headers, time and connections, and a graceful stop.

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
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

use crate::clients::{ClientLimits, Connection, Slots};

/// The size of all headers of a request. A search of 10 kB, percent-encoded, fits.
const MAX_HEADER_BYTES: usize = 64 * 1024;
/// The connection of a client that sends its headers more slowly is closed.
const HEADER_TIMEOUT: Duration = Duration::from_secs(15);
/// Open connections; further ones wait in the kernel's queue. A browser opens a handful, and each needs a few kB.
const MAX_CONNECTIONS: usize = 2_048;
/// The connections of one trusted proxy. It carries all clients, but some connections remain for others.
const PROXY_CONNECTIONS: u32 = 1_792;
/// The connection of a client that takes nothing of its response for so long is closed.
const STALL_TIMEOUT: Duration = Duration::from_secs(30);
/// Time for running requests after the signal to stop.
pub const GRACE: Duration = Duration::from_secs(10);

/// The limits of connections.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The trusted proxies, and the connections of each client.
    pub clients: ClientLimits,
    /// How long a client may take nothing of its response.
    pub stall: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            clients: ClientLimits::default(),
            stall: STALL_TIMEOUT,
        }
    }
}

/// Serves until `stop` resolves, then finishes the running requests.
///
/// Axum's own `serve` has no limit for connections, hence this loop.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    stop: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let listening = listener.local_addr()?.ip();
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_buf_size(MAX_HEADER_BYTES);
    let graceful = GracefulShutdown::new();
    let mut stop = pin!(stop);
    let slots = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let of_proxies = Slots::new(PROXY_CONNECTIONS);
    loop {
        let (slot, (stream, peer)) = tokio::select! {
            accepted = accept(&listener, &slots) => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // No file descriptor is free, or the connection ended while it waited. The server goes on.
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let own_slots = if limits.clients.proxies.trusts(peer.ip()) {
            &of_proxies
        } else {
            &limits.clients.connections
        };
        let Some(own_slot) = own_slots.take(peer.ip().to_canonical()) else {
            tracing::debug!("a client has too many connections; the new one is closed");
            continue;
        };
        // Otherwise a small write waits for the client's delayed acknowledgement, which costs 40 ms a page.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "cannot set TCP_NODELAY");
        }
        let local = stream.local_addr().map_or(listening, |address| address.ip());
        let connection = Connection { peer, local };
        let router = router.clone();
        let service = tower::service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(connection);
            router.clone().oneshot(request.map(Body::new))
        });
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(limits.stall));
        let io = TokioIo::new(Box::pin(stream));
        let connection = graceful.watch(http.serve_connection(io, TowerToHyperService::new(service)));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection failed");
            }
            drop((slot, own_slot));
        });
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => tracing::info!("all requests are answered"),
        () = tokio::time::sleep(GRACE) => tracing::warn!("some requests were not answered within {} s", GRACE.as_secs()),
    }
    Ok(())
}

/// The next connection, as soon as a slot is free.
async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> std::io::Result<(OwnedSemaphorePermit, (TcpStream, SocketAddr))> {
    let slot = slots
        .clone()
        .acquire_owned()
        .await
        .map_err(std::io::Error::other)?;
    Ok((slot, listener.accept().await?))
}

/// Resolves at SIGTERM or SIGINT.
pub async fn stop_signal() {
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
