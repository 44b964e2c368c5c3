//! GeoJSON, part by part.

use crate::domain::geospatial::ThingPage;

/// A feature's usual size, so that a part is written without growing its memory again and again.
const FEATURE_BYTES: usize = 256;

/// The bytes of one part of a feature collection, from its head (before the first feature) to its end (after the last part).
/// `begun` says whether any feature was written before.
pub fn render(page: &ThingPage, first: bool, begun: bool) -> serde_json::Result<Vec<u8>> {
    let mut out = Vec::with_capacity(page.features.len() * FEATURE_BYTES + 64);
    if first {
        out.extend_from_slice(br#"{"type":"FeatureCollection","features":["#);
    }
    let mut comma = begun;
    for feature in &page.features {
        if comma {
            out.push(b',');
        }
        serde_json::to_writer(&mut out, feature)?;
        comma = true;
    }
    if page.next.is_none() {
        out.extend_from_slice(b"]}");
    }
    Ok(out)
}
