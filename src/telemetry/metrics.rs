//! Metrics in Prometheus' text format.

use std::sync::Arc;
use std::time::Duration;

use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry, TextEncoder,
};

use crate::db::{Executor, Observer, Refusal, Timing};

const SECONDS: &[f64] = &[0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10.0];

/// What is at a moment, of what only the callers know.
#[derive(Clone, Copy, Debug, Default)]
pub struct Now {
    /// Open client connections.
    pub connections: usize,
    /// Bytes of request bodies in memory.
    pub body_bytes: usize,
    /// Long answers on their way.
    pub answers: usize,
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// All metrics of one server. Cheap to clone.
#[derive(Clone)]
pub struct Metrics {
    inner: Arc<Inner>,
}

struct Inner {
    registry: Registry,
    requests: IntCounterVec,
    request_seconds: HistogramVec,
    in_flight: IntGauge,
    stage_seconds: HistogramVec,
    queries: IntCounterVec,
    refused: IntCounterVec,
    permits: IntGaugeVec,
    permits_in_use: IntGaugeVec,
    waiting: IntGaugeVec,
    connections: IntGauge,
    body_bytes: IntGauge,
    answers: IntGauge,
}

impl Metrics {
    /// Registers everything; fails only when two metrics share a name.
    pub fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let counter = |name: &str, help: &str, labels: &[&str]| {
            let metric = IntCounterVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(metric.clone()))?;
            Ok::<_, prometheus::Error>(metric)
        };
        let gauge = |name: &str, help: &str| {
            let metric = IntGaugeVec::new(Opts::new(name, help), &["lane"])?;
            registry.register(Box::new(metric.clone()))?;
            Ok::<_, prometheus::Error>(metric)
        };
        let histogram = |name: &str, help: &str, labels: &[&str]| {
            let metric = HistogramVec::new(HistogramOpts::new(name, help).buckets(SECONDS.to_vec()), labels)?;
            registry.register(Box::new(metric.clone()))?;
            Ok::<_, prometheus::Error>(metric)
        };
        let number = |name: &str, help: &str| {
            let metric = IntGauge::new(name, help)?;
            registry.register(Box::new(metric.clone()))?;
            Ok::<_, prometheus::Error>(metric)
        };
        let build = Opts::new("ocotillo_build_info", "The program; always 1").const_label("version", VERSION);
        let build = IntGauge::with_opts(build)?;
        build.set(1);
        registry.register(Box::new(build))?;
        #[cfg(target_os = "linux")]
        registry.register(Box::new(prometheus::process_collector::ProcessCollector::for_self()))?;
        let inner = Inner {
            requests: counter("ocotillo_http_requests_total", "Answered requests", &["method", "route", "status"])?,
            request_seconds: histogram("ocotillo_http_request_seconds", "Time to the answer", &["method", "route"])?,
            in_flight: number("ocotillo_http_requests_in_flight", "Requests being answered")?,
            connections: number("ocotillo_http_connections", "Open client connections")?,
            body_bytes: number("ocotillo_http_body_bytes", "Bytes of request bodies in memory")?,
            answers: number("ocotillo_http_long_answers", "Long answers on their way")?,
            stage_seconds: histogram(
                "ocotillo_job_seconds",
                "Parts of database jobs: wait, checkout, query, serialise",
                &["operation", "stage"],
            )?,
            queries: counter("ocotillo_queries_total", "Statements sent to the database", &["operation"])?,
            refused: counter("ocotillo_refused_total", "Requests and jobs refused or cut off", &["reason"])?,
            permits: gauge("ocotillo_permits", "Permits of a lane")?,
            permits_in_use: gauge("ocotillo_permits_in_use", "Permits in use")?,
            waiting: gauge("ocotillo_waiting", "Requests waiting for a permit")?,
            registry,
        };
        // What alarms are set on must be there before it first happens.
        for reason in Refusal::REASONS {
            inner.refused.with_label_values(&[reason]);
        }
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Makes the series of a route's failures, so that they are there before the first one.
    pub fn expect_requests(&self, method: &str, route: &str) {
        for status in ["500", "503"] {
            self.inner.requests.with_label_values(&[method, route, status]);
        }
    }

    /// Makes the series of a reason to turn requests away.
    pub fn expect_refusals(&self, reason: &'static str) {
        self.inner.refused.with_label_values(&[reason]);
    }

    /// A request was turned away before it became a job.
    pub fn turned_away(&self, reason: &'static str) {
        self.inner.refused.with_label_values(&[reason]).inc();
    }

    /// A request arrived.
    pub fn request_started(&self) {
        self.inner.in_flight.inc();
    }

    /// A request was answered. `route` is the pattern, never the path: paths are endless.
    pub fn request_finished(&self, method: &str, route: &str, status: u16, took: Duration) {
        self.inner.in_flight.dec();
        self.inner.requests.with_label_values(&[method, route, &status.to_string()]).inc();
        self.inner.request_seconds.with_label_values(&[method, route]).observe(took.as_secs_f64());
    }

    /// Everything in Prometheus' text format, with the lanes as they are now.
    pub fn render(&self, executor: &Executor, now: Now) -> Result<Vec<u8>, prometheus::Error> {
        let number = |value: usize| i64::try_from(value).unwrap_or(i64::MAX);
        self.inner.connections.set(number(now.connections));
        self.inner.body_bytes.set(number(now.body_bytes));
        self.inner.answers.set(number(now.answers));
        for lane in executor.lanes() {
            self.inner.permits.with_label_values(&[lane.name]).set(number(lane.size));
            self.inner.permits_in_use.with_label_values(&[lane.name]).set(number(lane.in_use));
            self.inner.waiting.with_label_values(&[lane.name]).set(number(lane.waiting));
        }
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.inner.registry.gather(), &mut text)?;
        Ok(text)
    }
}

impl Observer for Metrics {
    fn finished(&self, operation: &'static str, timing: &Timing) {
        for (stage, took) in [
            ("wait", timing.wait),
            ("checkout", timing.checkout),
            ("query", timing.query),
            ("serialise", timing.serialise),
        ] {
            self.inner.stage_seconds.with_label_values(&[operation, stage]).observe(took.as_secs_f64());
        }
        self.inner.queries.with_label_values(&[operation]).inc_by(timing.queries);
    }

    fn refused(&self, _operation: &'static str, refusal: &Refusal) {
        self.turned_away(refusal.reason());
    }
}
