//! `/asset`: the records.

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::http::openapi::PageParams;
use crate::api::{Answer, Body, Db, Id, Params, Resource, Routes, UrlSigner};
use crate::db::Session;
use crate::domain::asset::{Asset, AssetRecord, AssetSearch, AssociateAsset, Association, CreateAsset, UpdateAsset};
use crate::domain::principal::Role::{Editor, Viewer};
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Page;
use crate::storage::signing::Signing;
use crate::store::{StoreError, asset};

impl Resource for Asset {
    const NAME: &'static str = asset::TABLE.model;
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct AssetParams {
    /// The assets of this thing only, each with a URL by which its file can be had.
    thing_id: Option<i64>,
}

/// The same with a URL of its file.
pub(super) fn signed(asset: Asset, signing: &Signing) -> Asset {
    let signed_url = signing.url(asset.id, &asset.storage_path);
    Asset { signed_url, ..asset }
}

fn page(params: &mut Params) -> ListRequest {
    ListRequest { page: params.page(), ..ListRequest::default() }
}

/// List assets. Those of one thing come with a URL of their files.
#[utoipa::path(tag = "asset", params(PageParams, AssetParams), responses((status = 200, body = Page<Asset>)))]
#[get("/asset")]
async fn list_assets(db: Db, params: Params, signer: UrlSigner) -> Answer {
    let signing = params.has("thing_id").then_some(signer.0);
    let ask = |params: &mut Params| {
        let request = page(params);
        (request, params.key("thing_id").map_or(AssetSearch::All, AssetSearch::Of))
    };
    let load = move |session: &mut Session<'_>, ids: &[i32]| -> Result<Vec<Asset>, StoreError> {
        let assets = asset::load(session, ids)?;
        Ok(match &signing {
            Some(signing) => assets.into_iter().map(|asset| signed(asset, signing)).collect(),
            None => assets,
        })
    };
    db.list("list_assets", params, ask, asset::find, load).await
}

/// List the assets that belong to no thing.
#[utoipa::path(tag = "asset", params(PageParams), responses((status = 200, body = Page<Asset>)))]
#[get("/asset/unassociated")]
async fn list_unassociated_assets(db: Db, params: Params) -> Answer {
    let ask = |params: &mut Params| (page(params), AssetSearch::Unassociated);
    db.list("list_unassociated_assets", params, ask, asset::find, asset::load).await
}

/// Record a file that is in the storage. When the thing has a record of it already, that one is the answer.
#[utoipa::path(tag = "asset", request_body = CreateAsset, responses((status = 201, body = Asset)))]
#[post("/asset")]
async fn create_asset(db: Db, body: Body<CreateAsset>) -> Answer {
    db.create_unshown("create_asset", body, asset::create).await
}

/// One asset, with a URL by which its file can be had for 15 minutes.
#[utoipa::path(tag = "asset", responses((status = 200, body = Asset)))]
#[get("/asset/{asset_id}")]
async fn get_asset(key: Id<Asset>, db: Db, signer: UrlSigner) -> Answer {
    let get = move |session: &mut Session<'_>, id| Ok(signed(asset::get(session, id)?, &signer.0));
    db.get_fresh("get_asset", key, get).await
}

/// Change what is said of a file. The answer is the row itself.
#[utoipa::path(tag = "asset", request_body = UpdateAsset, responses((status = 200, body = AssetRecord)))]
#[patch("/asset/{asset_id}")]
async fn update_asset(key: Id<Asset>, db: Db, body: Body<UpdateAsset>) -> Answer {
    db.change("update_asset", key, body, asset::update).await
}

/// Say which thing an asset belongs to, if any.
#[utoipa::path(tag = "asset", request_body = AssociateAsset, responses((status = 200, body = Association)))]
#[patch("/asset/{asset_id}/association")]
async fn associate_asset(key: Id<Asset>, db: Db, body: Body<AssociateAsset>) -> Answer {
    db.change("associate_asset", key, body, asset::associate).await
}

/// Remove the record of a file; the file stays.
#[utoipa::path(tag = "asset", responses((status = 204)))]
#[delete("/asset/{asset_id}")]
async fn delete_asset(key: Id<Asset>, db: Db) -> Answer {
    db.remove("delete_asset", key, asset::delete).await
}

/// The routes of records.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Viewer, list_assets)
        .add(Viewer, list_unassociated_assets)
        .add(Editor, create_asset)
        .add(Viewer, get_asset)
        .add(Editor, update_asset)
        .add(Editor, associate_asset)
        .add(Editor, delete_asset);
}
