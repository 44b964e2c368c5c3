//! Assets: the records of files. The files themselves are the storage's.

use diesel::result::OptionalEmptyChangesetExtension as _;

use crate::db::prelude::*;
use crate::db::schema::{self, asset, asset_thing_association as tie};
use crate::db::{
    Backend, Ids, InsertRows, Lock, Numbers, Read, Session, WriteSession, among, columns, locked, one_of_texts, rows,
};
use crate::domain::asset::file::Stored;
use crate::domain::asset::{
    Asset, AssetRecord, AssetSearch, AssociateAsset, Association, CreateAsset, RecordUpload, STORAGE_SERVICE,
    UpdateAsset,
};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::principal::{Principal, Sight};
use crate::domain::request::form::Parsed;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::domain::request::problem::Problem;
use crate::store::query::check::{self, Named, Table, check_change, check_new, lock_row};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Condition, Listing};
use crate::store::query::stored::row;
use crate::store::query::subquery::in_query;
use crate::store::query::visibility::{ASSET, ASSET_THING, visible};
use crate::store::{StoreError, thing};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "asset", model: "Asset" };

row! {
    /// A row of the table.
    struct AssetRow of asset as AssetRecord {
        id: i32,
        created_at: UtcDateTime,
        created_by_id: Option<String>,
        created_by_name: Option<String>,
        updated_by_id: Option<String>,
        updated_by_name: Option<String>,
        release_status: Option<String>,
        release_at: Option<chrono::NaiveDate>,
        name: String,
        label: Option<String>,
        storage_service: String,
        storage_path: String,
        mime_type: String,
        size: i32,
        uri: String,
    }
}

/// A row to be stored.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = asset, treat_none_as_default_value = false)]
struct NewAsset {
    id: i32,
    release_status: String,
    release_at: Option<chrono::NaiveDate>,
    created_by_id: Option<String>,
    created_by_name: Option<String>,
    name: String,
    label: Option<String>,
    storage_service: &'static str,
    storage_path: String,
    mime_type: String,
    size: i32,
    uri: String,
}

/// That an asset belongs to a thing.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = tie, treat_none_as_default_value = false)]
struct NewTie {
    asset_id: i32,
    thing_id: i32,
    created_by_id: Option<String>,
    created_by_name: Option<String>,
}

crate::insertable!(NewAsset => asset, NewTie => tie);

impl NewAsset {
    fn of(id: i32, form: CreateAsset, by: &Principal) -> Self {
        Self {
            id,
            release_status: form.release_status,
            release_at: form.release_at,
            created_by_id: by.id.clone(),
            created_by_name: by.name.clone(),
            name: form.name,
            label: form.label,
            storage_service: STORAGE_SERVICE,
            storage_path: form.storage_path,
            mime_type: form.mime_type,
            size: form.size,
            uri: form.uri,
        }
    }
}

impl NewTie {
    fn of(asset_id: i32, thing_id: i32, by: &Principal) -> Self {
        Self { asset_id, thing_id, created_by_id: by.id.clone(), created_by_name: by.name.clone() }
    }
}

/// What is to be changed in a row.
#[derive(Clone, Debug, Default, AsChangeset)]
#[diesel(table_name = asset)]
struct AssetChange {
    release_status: Option<Option<String>>,
    release_at: Option<Option<chrono::NaiveDate>>,
    updated_by_id: Option<String>,
    updated_by_name: Option<String>,
    name: Option<String>,
    label: Option<Option<String>>,
}

impl AssetChange {
    fn of(patch: UpdateAsset, by: &Principal) -> Self {
        Self {
            release_status: patch.release_status.into_change(),
            release_at: patch.release_at.into_change(),
            updated_by_id: by.id.clone(),
            updated_by_name: by.name.clone(),
            name: patch.name,
            label: patch.label.into_change(),
        }
    }
}

listed!(asset);

static LISTING: Listing<asset::table> = Listing {
    model: TABLE.model,
    rule: &ASSET,
    columns: &[
        Column::of(asset::id),
        Column::of(asset::created_at),
        Column::of(asset::release_status),
        Column::of(asset::release_at),
        Column::of(asset::name),
        Column::of(asset::label),
        Column::of(asset::storage_service),
        Column::of(asset::storage_path),
        Column::of(asset::mime_type),
        Column::of(asset::size),
        Column::of(asset::uri),
    ],
};

/// A page of assets.
pub fn find(session: &mut Session<'_>, request: &ListRequest, search: &AssetSearch) -> Result<Found, StoreError> {
    let sight = session.sight();
    let narrow = || {
        Ok(match *search {
            AssetSearch::All => Vec::new(),
            AssetSearch::Of(thing) => {
                let of_thing = tie::table
                    .filter(tie::thing_id.eq(thing))
                    .filter(visible(sight, &ASSET_THING))
                    .select(tie::asset_id)
                    .into_boxed::<Backend>();
                vec![Box::new(in_query(asset::id, of_thing)) as Condition<asset::table>]
            }
            AssetSearch::Unassociated => {
                let tied = tie::table.select(tie::asset_id).into_boxed::<Backend>();
                vec![Box::new(in_query(asset::id, tied).negated(true)) as Condition<asset::table>]
            }
        })
    };
    let (found, ()) = asset::table::find_page(session, &LISTING, request, Search::new(&narrow))?;
    Ok(found)
}

/// The assets with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<Asset>, StoreError> {
    let records = session.read_fixed(read(session.sight(), Numbers::new(ids)))?;
    Ok(in_order(records, ids, |record| record.id).into_iter().map(Asset::from).collect())
}

/// The rows with these ids, by id.
fn read(sight: Sight, ids: impl Ids) -> impl Read<Output = Vec<AssetRecord>> {
    let records = asset::table.filter(among(asset::id, ids)).filter(visible(sight, &ASSET)).order(asset::id);
    rows::<AssetRow, _>(records.select(columns::<AssetRow>()))
        .giving(move |rows| rows.into_iter().map(AssetRecord::from).collect())
}

/// One asset.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<Asset, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// The row of an asset for whoever has a signed URL of its file: the signature says that he may have it.
pub fn signed_for(session: &mut Session<'_>, id: i32) -> Result<Asset, StoreError> {
    let found = session.read(read(Sight::Everything, Numbers::new(&[id])))?.pop();
    found.map(Asset::from).ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Those of some names in the storage that a record has.
pub fn recorded(session: &mut Session<'_>, paths: &[String]) -> Result<Vec<String>, StoreError> {
    let known = asset::table.filter(one_of_texts(asset::storage_path, paths)).select(asset::storage_path).distinct();
    Ok(session.read(rows::<String, _>(known))?)
}

/// Refuses what would be said of a file before the file is stored: it would be stored for nothing.
pub fn check_upload(session: &mut Session<'_>, form: Parsed<RecordUpload>) -> Result<(), StoreError> {
    let form = form.resolve(|_looked_up_later| None).map_err(StoreError::Invalid)?;
    let things = schema::thing::table.find(check::id(form.thing_id));
    let there = session.read(rows::<i32, _>(things.select(schema::thing::id)))?;
    if there.is_empty() { Err(no_thing(form.thing_id)) } else { Ok(()) }
}

fn no_thing(sent: i64) -> StoreError {
    StoreError::conflict("thing_id", format!("{} with ID {sent} not found.", thing::TABLE.model), sent)
}

/// Records a file that was stored; see [`create`].
pub fn record(session: &mut WriteSession<'_>, form: Parsed<RecordUpload>, file: &Stored) -> Result<Asset, StoreError> {
    create(session, form.map(|form| form.of(file)))
}

/// Stores an asset. One with the same file that belongs to the same thing is given back as it is.
pub fn create(session: &mut WriteSession<'_>, form: Parsed<CreateAsset>) -> Result<Asset, StoreError> {
    // The thing's lock keeps a second record of the file out.
    let names = |form: &CreateAsset| {
        let thing = Named::optional(thing::TABLE, "thing_id", form.thing_id);
        thing.map(Named::to_change).into_iter().collect()
    };
    let checked = check_new(session, TABLE.name, vec![form], names)?;
    let mut stored = Vec::new();
    let (mut assets, mut ties) = (Vec::new(), Vec::new());
    for (id, form) in checked {
        let thing_id = form.thing_id.map(check::id);
        let same = match thing_id {
            None => Vec::new(),
            Some(thing_id) => {
                let same = asset::table
                    .inner_join(tie::table)
                    .filter(tie::thing_id.eq(thing_id))
                    .filter(asset::storage_path.eq(form.storage_path.clone()))
                    .order(asset::id)
                    .limit(1);
                session.read(rows::<AssetRow, _>(same.select(columns::<AssetRow>())))?
            }
        };
        if let Some(same) = same.into_iter().next() {
            stored.push(Asset::from(AssetRecord::from(same)));
            continue;
        }
        let by = session.principal();
        ties.extend(thing_id.map(|thing_id| NewTie::of(id, thing_id, by)));
        assets.push(NewAsset::of(id, form, by));
    }
    if let Some(new) = assets.first() {
        let id = new.id;
        session.insert(&[&assets as &dyn InsertRows, &ties])?;
        return get(session, id);
    }
    stored.pop().ok_or_else(|| StoreError::not_found(TABLE.model, 0))
}

/// Changes what was sent; gives the row itself.
pub fn update(session: &mut WriteSession<'_>, id: i32, form: Parsed<UpdateAsset>) -> Result<AssetRecord, StoreError> {
    let patch = check_change(session, (TABLE, id), form, |_| Vec::new())?;
    let change = AssetChange::of(patch, session.principal());
    diesel::update(asset::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    let sight = session.sight();
    let found = session.read(read(sight, Numbers::new(&[id])))?.pop();
    found.ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Ties an asset to one thing and to no other, or to none.
pub fn associate(
    session: &mut WriteSession<'_>,
    id: i32,
    form: Parsed<AssociateAsset>,
) -> Result<Association, StoreError> {
    let names = |form: &AssociateAsset| Named::optional(thing::TABLE, "thing_id", form.thing_id).into_iter().collect();
    let thing_id = check_change(session, (TABLE, id), form, names)?.thing_id.map(check::id);
    let tied: Vec<i32> = session.read(rows(tie::table.filter(tie::asset_id.eq(id)).select(tie::thing_id)))?;
    if tied.iter().any(|known| Some(*known) != thing_id) {
        // No thing has the id 0.
        let others = tie::table.filter(tie::asset_id.eq(id)).filter(tie::thing_id.ne(thing_id.unwrap_or(0)));
        diesel::delete(others).execute(session)?;
    }
    if let Some(thing_id) = thing_id.filter(|wanted| !tied.contains(wanted)) {
        let new = vec![NewTie::of(id, thing_id, session.principal())];
        session.insert(&[&new])?;
    }
    Ok(Association { asset_id: id, thing_id })
}

/// Removes the record of a file; the file stays.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    lock_row(session, TABLE, id)?;
    diesel::delete(asset::table.find(id)).execute(session)?;
    Ok(())
}

/// The name in the storage of an asset's file that is to be removed, unless another asset has the same file.
pub fn file_to_remove(session: &mut WriteSession<'_>, id: i32) -> Result<String, StoreError> {
    let own = rows::<i32, _>(locked(TABLE.name, &[id], Lock::Change));
    let path = rows::<String, _>(asset::table.find(id).select(asset::storage_path));
    let (own, path) = session.read((own, path))?;
    let path = path.into_iter().next().filter(|_| !own.is_empty());
    let path = path.ok_or_else(|| StoreError::not_found(TABLE.model, id))?;
    let others = asset::table.filter(asset::storage_path.eq(path.clone())).filter(asset::id.ne(id)).order(asset::id);
    let others = session.read(rows::<i32, _>(others.select(asset::id).limit(1)))?;
    match others.first() {
        None => Ok(path),
        Some(other) => {
            let message = format!("The file of Asset with ID {id} is also that of Asset with ID {other}.");
            Err(StoreError::Conflict(Box::new(Problem::conflict("path", "asset_id", message, id))))
        }
    }
}
