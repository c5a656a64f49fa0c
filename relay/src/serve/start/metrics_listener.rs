//! Opens the socket of the metrics endpoint.

use std::net::TcpListener;

use anyhow::Context;

use super::listen;
use crate::settings::MetricsListen;

/// Opens the socket. If the default address is taken by another program, the relay runs without metrics.
///
/// # Errors
/// The chosen address is not available.
pub(in crate::serve) fn listen(at: MetricsListen) -> anyhow::Result<Option<TcpListener>> {
    let MetricsListen { address, chosen } = at;
    match listen::listen(address, "--metrics-listen") {
        Ok(listener) => {
            tracing::info!("metrics at http://{}/metrics", listener.local_addr()?);
            Ok(Some(listener))
        }
        Err(error) if chosen => Err(error).context("cannot serve metrics (turn them off with `--metrics-listen off`)"),
        Err(error) => {
            tracing::warn!("no metrics: {error}");
            Ok(None)
        }
    }
}
