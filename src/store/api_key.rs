//! API keys. Their digests never leave this module.

use diesel::result::OptionalEmptyChangesetExtension as _;

use crate::db::prelude::*;
use crate::db::schema::api_key;
use crate::db::{Backend, Session, WriteSession, columns, rows, transaction_lock};
use crate::domain::api_key::{ApiKey, CreateApiKey, Digest, NewApiKey, Scope, Secret, UpdateApiKey, Usable, end_of};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::form::Parsed;
use crate::store::StoreError;
use crate::store::query::check::{Table, check_change, check_new, lock_row};
use crate::store::query::stored::row;
use crate::store::query::visibility::{API_KEY, visible};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "api_key", model: "ApiKey" };

/// The most keys of one owner that are neither revoked nor expired.
pub const MOST_LIVE: i64 = 100;

/// The most keys that a list shows: the newest ones.
const MOST_LISTED: i64 = 1000;

/// Whoever makes a key takes this lock, so that nobody counts the same keys at the same time.
const LOCK: i64 = 0x6f63_6f74;

row! {
    /// A row of the table.
    struct KeyRow of api_key as ApiKey {
        id: i32,
        name: String,
        token_preview: String,
        scope: String,
        created_at: UtcDateTime,
        expires_at: UtcDateTime,
        last_used_at: Option<UtcDateTime>,
        revoked_at: Option<UtcDateTime>,
    }
}

/// A row to be stored.
#[derive(Clone, diesel::Insertable)]
#[diesel(table_name = api_key, treat_none_as_default_value = false)]
struct NewKey {
    id: i32,
    created_by_id: Option<String>,
    created_by_name: Option<String>,
    name: String,
    digest: String,
    token_preview: String,
    owner_id: Option<String>,
    owner_name: Option<String>,
    scope: String,
    expires_at: UtcDateTime,
}

crate::insertable!(NewKey => api_key);

/// What is to be changed in a row.
#[derive(diesel::AsChangeset)]
#[diesel(table_name = api_key)]
struct KeyChange {
    updated_by_id: Option<String>,
    updated_by_name: Option<String>,
    name: Option<String>,
    revoked_at: Option<UtcDateTime>,
}

/// The keys of whoever asks; while nobody is asked who he is, those without an owner.
fn own<'s>(session: &Session<'_>) -> api_key::BoxedQuery<'s, Backend> {
    let keys = api_key::table.filter(visible(session.sight(), &API_KEY)).into_boxed();
    match session.principal().id.clone() {
        Some(owner) => keys.filter(api_key::owner_id.eq(owner)),
        None => keys.filter(api_key::owner_id.is_null()),
    }
}

/// The keys of whoever asks, the oldest first; of very many the newest ones.
pub fn list(session: &mut Session<'_>) -> Result<Vec<ApiKey>, StoreError> {
    let keys = own(session).order(api_key::id.desc()).limit(MOST_LISTED);
    let keys: Vec<KeyRow> = session.read(rows(keys.select(columns::<KeyRow>())))?;
    Ok(keys.into_iter().rev().map(ApiKey::from).collect())
}

/// A key of whoever asks.
fn get(session: &mut Session<'_>, id: i32) -> Result<ApiKey, StoreError> {
    let found = own(session).filter(api_key::id.eq(id));
    let found: Vec<KeyRow> = session.read(rows(found.select(columns::<KeyRow>())))?;
    found.into_iter().next().map(ApiKey::from).ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Makes a key for whoever asks, by which what is not released can be read through OGC API.
pub fn create(session: &mut WriteSession<'_>, form: Parsed<CreateApiKey>) -> Result<NewApiKey, StoreError> {
    transaction_lock(session, LOCK)?;
    let live = own(session).filter(api_key::revoked_at.is_null()).filter(api_key::expires_at.gt(UtcDateTime::now()));
    let live: i64 = live.count().get_result(session)?;
    let mut checked = check_new(session, TABLE.name, vec![form], |_| Vec::new())?;
    let (id, form) = checked.pop().ok_or_else(|| StoreError::Missing("no key was made".to_owned()))?;
    if live >= MOST_LIVE {
        let message = format!("There are {live} keys that are neither revoked nor expired; no more are made.");
        return Err(StoreError::ConflictText(message));
    }
    let secret = Secret::generate()?;
    let owner = (session.principal().id.clone(), session.principal().name.clone());
    insert(session, id, &form, owner, &Scope::ogc_internal(), &secret)?;
    Ok(NewApiKey::of(get(session, id)?, &secret))
}

/// Makes a key without an owner: for the command line.
pub fn issue(session: &mut WriteSession<'_>, name: &str, scope: &Scope, days: i64) -> Result<NewApiKey, StoreError> {
    let form = CreateApiKey { name: name.to_owned(), lifetime_days: days };
    let ids: Vec<i32> = session.read(rows(crate::db::new_ids(TABLE.name, 1)))?;
    let id = ids.first().copied().unwrap_or_default();
    let secret = Secret::generate()?;
    insert(session, id, &form, (None, None), scope, &secret)?;
    Ok(NewApiKey::of(get(session, id)?, &secret))
}

fn insert(
    session: &mut WriteSession<'_>,
    id: i32,
    form: &CreateApiKey,
    owner: (Option<String>, Option<String>),
    scope: &Scope,
    secret: &Secret,
) -> Result<(), StoreError> {
    let by = session.principal();
    let (owner_id, owner_name) = owner;
    let row = NewKey {
        id,
        created_by_id: by.id.clone(),
        created_by_name: by.name.clone(),
        name: form.name.clone(),
        digest: secret.digest().hex(),
        token_preview: secret.preview().to_owned(),
        owner_id,
        owner_name,
        scope: scope.to_string(),
        expires_at: end_of(UtcDateTime::now(), form.lifetime_days),
    };
    Ok(session.insert(&[&vec![row]])?)
}

/// Changes a key of whoever asks.
pub fn update(session: &mut WriteSession<'_>, id: i32, form: Parsed<UpdateApiKey>) -> Result<ApiKey, StoreError> {
    get(session, id)?;
    let patch = check_change(session, (TABLE, id), form, |_| Vec::new())?;
    change(session, id, patch.name, None)?;
    get(session, id)
}

/// Revokes a key of whoever asks. The first time counts.
pub fn revoke(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    get(session, id)?;
    lock_row(session, TABLE, id)?;
    if get(session, id)?.revoked_at.is_none() {
        change(session, id, None, Some(UtcDateTime::now()))?;
    }
    Ok(())
}

fn change(
    session: &mut WriteSession<'_>,
    id: i32,
    name: Option<String>,
    revoked_at: Option<UtcDateTime>,
) -> QueryResult<()> {
    if name.is_none() && revoked_at.is_none() {
        return Ok(());
    }
    let by = session.principal();
    let change = KeyChange { updated_by_id: by.id.clone(), updated_by_name: by.name.clone(), name, revoked_at };
    diesel::update(api_key::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    Ok(())
}

/// A row of the list of all keys.
#[derive(diesel::Queryable, diesel::Selectable)]
#[diesel(table_name = api_key, check_for_backend(Backend))]
struct OwnedRow {
    id: i32,
    name: String,
    token_preview: String,
    scope: String,
    created_at: UtcDateTime,
    expires_at: UtcDateTime,
    last_used_at: Option<UtcDateTime>,
    revoked_at: Option<UtcDateTime>,
    owner_name: Option<String>,
    owner_id: Option<String>,
}

/// All keys with the name of their owner, or his `sub` where the token had no name: for the command line.
pub fn list_all(session: &mut Session<'_>) -> Result<Vec<(ApiKey, Option<String>)>, StoreError> {
    let all: Vec<OwnedRow> = session.read(rows(api_key::table.order(api_key::id).select(columns::<OwnedRow>())))?;
    let shown = |row: OwnedRow| {
        let OwnedRow { id, name, token_preview, scope, created_at, expires_at, last_used_at, revoked_at, .. } = row;
        let key = ApiKey { id, name, token_preview, scope, created_at, expires_at, last_used_at, revoked_at };
        (key, row.owner_name.or(row.owner_id))
    };
    Ok(all.into_iter().map(shown).collect())
}

/// Revokes any key, and gives its name: for the command line.
pub fn revoke_any(session: &mut WriteSession<'_>, id: i32) -> Result<String, StoreError> {
    lock_row(session, TABLE, id)?;
    let found = api_key::table.find(id).select((api_key::name, api_key::revoked_at));
    let (name, revoked_at): (String, Option<UtcDateTime>) = found.first(session)?;
    if revoked_at.is_none() {
        change(session, id, None, Some(UtcDateTime::now()))?;
    }
    Ok(name)
}

/// The key with this digest, when it may be used.
pub fn usable(session: &mut Session<'_>, digest: &Digest) -> Result<Option<Usable>, StoreError> {
    type Found = (i32, String, Option<String>, String, String, UtcDateTime);
    let found = api_key::table
        .filter(api_key::digest.eq(digest.hex()))
        .filter(api_key::revoked_at.is_null())
        .filter(api_key::expires_at.gt(UtcDateTime::now()))
        .select((api_key::id, api_key::name, api_key::owner_id, api_key::scope, api_key::digest, api_key::expires_at));
    let found: Vec<Found> = session.read(rows(found))?;
    let found = found.into_iter().find(|(.., stored, _)| digest.is(stored));
    Ok(found.map(|(id, name, owner_id, scope, _, expires_at)| Usable {
        id,
        name,
        owner_id,
        scope: Scope::of(scope.split(' ')),
        expires_at,
    }))
}

/// Notes when keys were last used.
pub fn note_use(session: &mut WriteSession<'_>, used: &[(i32, UtcDateTime)]) -> QueryResult<()> {
    for (id, at) in used {
        let older = api_key::last_used_at.is_null().or(api_key::last_used_at.lt(*at));
        let key = api_key::table.filter(api_key::id.eq(*id)).filter(older);
        diesel::update(key).set(api_key::last_used_at.eq(Some(*at))).execute(session)?;
    }
    Ok(())
}
