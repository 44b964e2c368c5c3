//! The OGC rules of validity: simple rings that neither cross nor share a stretch, holes inside their shell, nothing
//! nested wrongly, every interior in one piece. `geo` has a check of its own, but that takes quadratic time or worse, lets
//! a flat ring pass and does not look for split interiors.

use std::collections::{HashMap, HashSet};

use geo::coordinate_position::{CoordPos, coord_pos_relative_to_ring};
use geo::kernels::{Kernel, Orientation, RobustKernel};
use geo::{BoundingRect, Coord, LineString, Rect};

use crate::domain::measure::geometry::{GeometryError, invalid};

/// Steps a check may take: about 0.1 s. Outlines of real areas stay far below; only hostile ones are quadratic.
const MAX_STEPS: usize = 10_000_000;

/// Counts the steps of a check whose worst case is quadratic.
struct Budget(usize);

impl Budget {
    fn spend(&mut self, steps: usize) -> Result<(), GeometryError> {
        self.0 = self.0.saturating_sub(steps);
        if self.0 == 0 { invalid("the geometry is too complex") } else { Ok(()) }
    }
}

/// One edge of a ring. `ring` and `polygon` are numbers over the whole geometry, `index` counts along the ring.
struct Edge {
    start: Coord,
    end: Coord,
    before: Coord,
    after: Coord,
    ring: usize,
    polygon: usize,
    index: usize,
    edges_in_ring: usize,
}

/// A ring, or a place where rings of one polygon touch: the two kinds of node of the graph that must not have a cycle.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Node {
    Ring(usize),
    Touch(usize, [u64; 2]),
}

/// Whether every polygon is valid and no two of them overlap or share a stretch of boundary.
pub(in crate::domain) fn check(area: &geo::MultiPolygon) -> Result<(), GeometryError> {
    let mut budget = Budget(MAX_STEPS);
    let mut edges = Vec::new();
    let mut ring_number = 0;
    for (polygon_number, polygon) in area.iter().enumerate() {
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            ring_number += 1;
            push_edges(&mut edges, ring, ring_number, polygon_number)?;
        }
    }
    edges.sort_by(|a, b| a.start.x.min(a.end.x).total_cmp(&b.start.x.min(b.end.x)));
    let mut seen = HashSet::new();
    let mut parents = HashMap::new();
    let mut rest = edges.as_slice();
    while let Some((a, later)) = rest.split_first() {
        rest = later;
        let right = a.start.x.max(a.end.x);
        for b in later.iter().take_while(|b| b.start.x.min(b.end.x) <= right) {
            budget.spend(1)?;
            let Some(at) = touch(a, b)? else { continue };
            // Edges that touch cost several times as much as edges that miss each other.
            budget.spend(2)?;
            if a.polygon != b.polygon {
                continue;
            }
            let node = Node::Touch(a.polygon, [at.x + 0.0, at.y + 0.0].map(f64::to_bits));
            for ring in [Node::Ring(a.ring), Node::Ring(b.ring)] {
                if seen.insert((ring, node)) {
                    let (from, to) = (root(&mut parents, ring), root(&mut parents, node));
                    // A chain of touching rings that closes cuts a piece off the interior.
                    if from == to {
                        return Err(GeometryError::NotTopologicallyValid);
                    }
                    parents.insert(from, to);
                }
            }
        }
    }
    check_nesting(area, &mut budget)
}

fn push_edges(edges: &mut Vec<Edge>, ring: &LineString, number: usize, polygon: usize) -> Result<(), GeometryError> {
    let mut points = ring.0.clone();
    points.dedup();
    points.pop();
    let count = points.len();
    if count < 3 {
        return Err(GeometryError::NotTopologicallyValid);
    }
    let corners = || points.iter().copied().cycle();
    let along = corners().skip(count - 1).zip(corners()).zip(corners().skip(1).zip(corners().skip(2)));
    edges.extend(along.take(count).enumerate().map(|(index, ((before, start), (end, after)))| Edge {
        start,
        end,
        before,
        after,
        ring: number,
        polygon,
        index,
        edges_in_ring: count,
    }));
    Ok(())
}

fn root(parents: &mut HashMap<Node, Node>, mut node: Node) -> Node {
    while let Some(&parent) = parents.get(&node) {
        if let Some(&grandparent) = parents.get(&parent) {
            parents.insert(node, grandparent);
        }
        node = parent;
    }
    node
}

fn side(a: Coord, b: Coord, c: Coord) -> Orientation {
    // The exact arithmetic behind the predicate is slow just where corners coincide.
    if c == a || c == b { Orientation::Collinear } else { RobustKernel::orient2d(a, b, c) }
}

/// Where two edges of different rings touch, if they do; an error if they meet in a way that no valid area has.
fn touch(a: &Edge, b: &Edge) -> Result<Option<Coord>, GeometryError> {
    use Orientation::Collinear;
    let (low_y, high_y) = (a.start.y.min(a.end.y), a.start.y.max(a.end.y));
    if low_y > b.start.y.max(b.end.y) || high_y < b.start.y.min(b.end.y) {
        return Ok(None);
    }
    let (b_start, b_end) = (side(a.start, a.end, b.start), side(a.start, a.end, b.end));
    let (a_start, a_end) = (side(b.start, b.end, a.start), side(b.start, b.end, a.end));
    let met_at = if b_start == Collinear && b_end == Collinear {
        let ordered = |p: Coord, q: Coord| if (p.x, p.y) <= (q.x, q.y) { (p, q) } else { (q, p) };
        let ((a_low, a_high), (b_low, b_high)) = (ordered(a.start, a.end), ordered(b.start, b.end));
        let (low, high) = (ordered(a_low, b_low).1, ordered(a_high, b_high).0);
        if (low.x, low.y) > (high.x, high.y) {
            return Ok(None);
        }
        (low == high).then_some(low)
    } else if b_start == b_end || a_start == a_end {
        return Ok(None);
    } else {
        let ends = [(b_start, b.start), (b_end, b.end), (a_start, a.start), (a_end, a.end)];
        ends.into_iter().find(|(side, _)| *side == Collinear).map(|(_, at)| at)
    };
    // No single point, or none that is a corner: the edges share a stretch or cross.
    let at = met_at.ok_or(GeometryError::NotTopologicallyValid)?;
    if a.ring != b.ring {
        let ((a1, a2), (b1, b2)) = (arms(a, at), arms(b, at));
        let crosses = is_between(at, a1, a2, b1) != is_between(at, a1, a2, b2);
        return if crosses { Err(GeometryError::NotTopologicallyValid) } else { Ok(Some(at)) };
    }
    let follows = |p: &Edge, q: &Edge| (p.index + 1) % p.edges_in_ring == q.index && p.end == at && q.start == at;
    if follows(a, b) || follows(b, a) { Ok(None) } else { Err(GeometryError::NotTopologicallyValid) }
}

/// The corners (or ends) to both sides of a place on an edge.
fn arms(edge: &Edge, at: Coord) -> (Coord, Coord) {
    match at {
        _ if at == edge.start => (edge.before, edge.end),
        _ if at == edge.end => (edge.start, edge.after),
        _ => (edge.start, edge.end),
    }
}

/// Whether `p`, seen from `at`, lies in the angle that turns counter-clockwise from `from` to `to`.
fn is_between(at: Coord, from: Coord, to: Coord, p: Coord) -> bool {
    use Orientation::{Clockwise, CounterClockwise};
    match side(at, from, to) {
        CounterClockwise => side(at, from, p) == CounterClockwise && side(at, to, p) == Clockwise,
        Clockwise => side(at, from, p) != Clockwise || side(at, to, p) != CounterClockwise,
        Orientation::Collinear => side(at, from, p) == CounterClockwise,
    }
}

/// Who lies inside whom, once it is known that no two rings cross.
fn check_nesting(area: &geo::MultiPolygon, budget: &mut Budget) -> Result<(), GeometryError> {
    let require = |holds: bool| if holds { Ok(()) } else { Err(GeometryError::NotTopologicallyValid) };
    let boxed = |ring| Some((ring, LineString::bounding_rect(ring)?));
    let polygons = area.iter().filter_map(|polygon| {
        Some((boxed(polygon.exterior())?, polygon.interiors().iter().filter_map(boxed).collect::<Vec<_>>()))
    });
    let polygons = polygons.collect::<Vec<_>>();
    for (i, (shell, holes)) in polygons.iter().enumerate() {
        for (j, hole) in holes.iter().enumerate() {
            require(is_inside(hole, shell, budget)?)?;
            for other in holes.iter().skip(j + 1) {
                require(!is_inside(hole, other, budget)? && !is_inside(other, hole, budget)?)?;
            }
        }
        for (_, (other, _)) in polygons.iter().enumerate().filter(|(j, _)| *j != i) {
            if is_inside(other, shell, budget)? {
                let mut in_hole = false;
                for hole in holes {
                    in_hole = in_hole || is_inside(other, hole, budget)?;
                }
                require(in_hole)?;
            }
        }
    }
    Ok(())
}

type Ring<'a> = (&'a LineString, Rect);

/// Whether a ring lies inside another that it does not cross: its first place off the other one tells.
fn is_inside(
    (ring, bounds): &Ring<'_>,
    (other, other_bounds): &Ring<'_>,
    budget: &mut Budget,
) -> Result<bool, GeometryError> {
    budget.spend(1)?;
    let (low, high, least, most) = (bounds.min(), bounds.max(), other_bounds.min(), other_bounds.max());
    if low.x < least.x || low.y < least.y || high.x > most.x || high.y > most.y {
        return Ok(false);
    }
    for place in ring.0.iter().copied().chain(ring.lines().map(|line| (line.start + line.end) / 2.0)) {
        budget.spend(other.0.len())?;
        match coord_pos_relative_to_ring(place, other) {
            CoordPos::Inside => return Ok(true),
            CoordPos::Outside => return Ok(false),
            CoordPos::OnBoundary => {}
        }
    }
    Err(GeometryError::NotTopologicallyValid)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::super::{Area, MAX_VERTICES, MultiPolygon};
    use proptest::prelude::*;

    fn area_error(text: &str) -> String {
        MultiPolygon::from_wkt(text).unwrap_err().to_string()
    }

    #[test]
    fn bad_shapes_are_refused() {
        let outer = "(0 0,9 0,9 9,0 9,0 0)";
        for text in [
            "POLYGON((0 0,2 2,2 0,0 2,0 0))".to_owned(),       // crosses itself
            "MULTIPOLYGON(((0 0,1 1,2 2,0 0)))".to_owned(),    // flat
            format!("POLYGON({outer},(20 1,21 1,21 2,20 1))"), // hole outside
            format!("POLYGON({outer},(1 1,8 1,8 8,1 1),(5 2,6 2,6 3,5 2))"), // hole in a hole
            format!("POLYGON({outer},(0 4,4 5,9 4,4 3,0 4))"), // cut in two
            format!("MULTIPOLYGON(({outer}),({outer}))"),      // twice the same
            format!("MULTIPOLYGON(({outer}),((1 1,2 1,2 2,1 1)))"), // one in the other
            format!("MULTIPOLYGON(({outer}),((9 0,12 0,12 9,9 9,9 0)))"), // share an edge
            format!("POLYGON({outer},(0 0,5 -1,5 5,0 0))"),    // hole leaves through an edge
            "MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0)),((0 0,-2 1,0 2,2 1,0 0)))".to_owned(), // cross beside a corner
        ] {
            assert_eq!(area_error(&text), "Invalid WKT geometry: WKT geometry is not topologically valid", "{text}");
        }
    }

    #[test]
    fn touching_is_allowed_and_borders_are_not_within() {
        let area = Area::from_wkt(
            "MULTIPOLYGON(((0 0,9 0,9 9,0 9,0 0),(0 4,4 5,4 3,0 4)),((9 9,12 9,12 12,9 9)),((1 4,3 4.2,3 3.8,1 4)))",
        )
        .unwrap();
        assert!(area.contains(5.0, 5.0) && area.contains(2.0, 4.0) && area.contains(11.0, 9.5));
        for (x, y) in [(9.0, 9.0), (0.0, 1.0), (4.0, 4.0), (3.5, 4.0), (0.0, 0.0), (20.0, 1.0), (f64::NAN, 1.0)] {
            assert!(!area.contains(x, y), "{x} {y}");
        }
    }

    #[test]
    fn too_many_vertices_or_steps_are_refused() {
        let many = ",1 1".repeat(MAX_VERTICES);
        assert!(area_error(&format!("POLYGON((0 0{many}))")).contains("more than 20000 vertices"));
        let zigzag =
            (0..9000).map(|i| format!("{} {}", i % 2 * 90, f64::from(i) / 1000.0)).collect::<Vec<_>>().join(",");
        assert!(area_error(&format!("POLYGON(({zigzag},99 9,99 -1,0 0))")).contains("too complex"));
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_valid_to_geo_too(
            corners in prop::collection::vec((0..5, 0..5), 3..7),
            other in prop::collection::vec((0..5, 0..5), 3..5),
        ) {
            use geo::Validation;
            let ring = |corners: &[(i32, i32)]| {
                corners.iter().chain(&corners[..1]).map(|(x, y)| format!("{x} {y}")).collect::<Vec<_>>().join(",")
            };
            for between in ["),(", ")),(("] {
                let text = format!("MULTIPOLYGON((({}{between}{})))", ring(&corners), ring(&other));
                if let Ok(area) = MultiPolygon::from_wkt(&text) {
                    prop_assert!(area.as_geo().is_valid(), "{}", text);
                }
            }
        }
    }
}
