//! Logs and metrics.

mod log_format;
mod metrics;

pub use log_format::init as init_logging;
pub use metrics::{Metrics, Now};
