//! GeoJSON, part by part.

use crate::domain::geospatial::ThingPage;

use crate::export::array::Frame;

/// A feature's usual size.
const FEATURE_BYTES: usize = 448;

/// The bytes of one part of a feature collection, from its head (before the first feature) to its end (after the last part).
/// `begun` says whether any feature was written before.
pub fn render(page: &ThingPage, first: bool, begun: bool) -> serde_json::Result<Vec<u8>> {
    Frame {
        head: first.then_some(r#"{"type":"FeatureCollection","features":["#),
        tail: page.next.is_none().then_some("]}"),
        begun,
        item_bytes: FEATURE_BYTES,
    }
    .around(&page.features)
}
