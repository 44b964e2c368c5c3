//! Reading a page of a planned list, whole or in parts.

use std::collections::HashMap;

/// Runs a planned list, as far as its request's part goes: the rows, and what there is beside them. `$extra` are further
/// conditions; `$default` is the order when none is asked for, `$id` is the key and breaks ties. `$costly` says that the
/// conditions are worth more than a sort: then total and keys are found together, and rows by their keys.
macro_rules! load_page {
    ($conn:expr, $plan:expr, $table:expr, $row:ty, $id:expr,
     extra: |$query:ident| $extra:expr, default: |$ordered:ident| $default:expr) => {
        load_page!($conn, $plan, $table, $row, $id,
            extra: |$query| $extra, default: |$ordered| $default, costly: false)
    };
    ($conn:expr, $plan:expr, $table:expr, $row:ty, $id:expr,
     extra: |$query:ident| $extra:expr, default: |$ordered:ident| $default:expr, costly: $costly:expr) => {{
        use $crate::domain::paging::{Extent, Part};
        let plan = &$plan;
        let request = plan.request();
        let page = request.page;
        let rows_of = |conn: &mut $crate::db::Connection, keys: &[i32]| -> diesel::QueryResult<Vec<$row>> {
            let of_keys = $table.into_boxed::<$crate::db::Backend>().filter($crate::db::one_of($id, keys));
            let mut rows: Vec<$row> = of_keys.select(<$row>::as_select()).load(conn)?;
            $crate::store::page::arrange(&mut rows, keys, |row| row.id);
            Ok(rows)
        };
        if let Part::Rows(keys) = &request.part {
            (rows_of($conn, keys)?, Extent { page, total: 0, keys: Vec::new() })
        } else {
            let filtered = || -> Result<_, $crate::store::StoreError> {
                let mut $query = $table.into_boxed::<$crate::db::Backend>();
                for condition in plan.conditions()? {
                    $query = $query.filter(condition);
                }
                Ok($extra)
            };
            let cut = || -> Result<_, $crate::store::StoreError> {
                let mut $ordered = filtered()?;
                if plan.is_sorted() {
                    for order in plan.orders()? {
                        $ordered = $ordered.then_order_by(order);
                    }
                    $ordered = if plan.descending() {
                        $ordered.then_order_by($id.desc())
                    } else {
                        $ordered.then_order_by($id.asc())
                    };
                } else {
                    $ordered = $default;
                }
                Ok($ordered.limit(page.size).offset(page.offset()))
            };
            let (mut rows, mut keys): (Vec<$row>, Vec<i32>) = (Vec::new(), Vec::new());
            let total: i64;
            if $costly {
                let count = $crate::db::raw::<diesel::sql_types::BigInt>("count(*) OVER ()");
                let found: Vec<(i32, i64)> = cut()?.select(($id, count)).load($conn)?;
                total = match found.first() {
                    Some((_, total)) => *total,
                    // No page, or none so far out.
                    None => filtered()?.count().get_result($conn)?,
                };
                keys = found.into_iter().map(|(key, _)| key).collect();
                if request.part == Part::Whole {
                    rows = rows_of($conn, &std::mem::take(&mut keys))?;
                }
            } else {
                total = filtered()?.count().get_result($conn)?;
                // A page beyond the end needs no second query.
                if page.offset() < total && request.part == Part::Keys {
                    keys = cut()?.select($id).load($conn)?;
                } else if page.offset() < total {
                    rows = cut()?.select(<$row>::as_select()).load($conn)?;
                }
            }
            (rows, Extent { page, total, keys })
        }
    }};
}
pub(crate) use load_page;

/// Brings rows into the order of their keys.
pub fn arrange<R>(rows: &mut [R], keys: &[i32], key: impl Fn(&R) -> i32) {
    let places: HashMap<i32, usize> = keys.iter().enumerate().map(|(place, key)| (*key, place)).collect();
    rows.sort_by_cached_key(|row| places.get(&key(row)).copied());
}
