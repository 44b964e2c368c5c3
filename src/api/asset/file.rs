//! `/asset`: the files.

use std::time::SystemTime;

use actix_web::http::header::{Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, delete, post, web};
use utoipa::ToSchema;

use crate::api::asset::record::signed;
use crate::api::http::answer::Rendered;
use crate::api::http::upload::Taken;
use crate::api::{Access, Answer, ApiError, Db, Files, Id, Params, Routes, Upload, UrlSigner};
use crate::db::{Weight, WriteSession};
use crate::domain::asset::file::{FileKind, UNKNOWN_TYPE};
use crate::domain::asset::{Asset, RecordUpload, StoredFile};
use crate::domain::principal::Role::Editor;
use crate::domain::request::form::Parsed;
use crate::storage::signing::Signature;
use crate::store::{StoreError, asset};

/// Body of `POST /asset/upload`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a form that api::http::upload reads")]
struct UploadForm {
    /// The file, of any type.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Body of `POST /asset/upload-and-record`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a form that api::http::upload reads")]
struct UploadAndRecordForm {
    /// The file: JPEG, PNG, GIF, WebP, TIFF, PDF or plain text, as its type says.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// The thing that it belongs to.
    thing_id: i64,
    /// What it shows.
    label: Option<String>,
    /// What it is called; the file's name when absent.
    name: Option<String>,
    /// Term of `release_status`; `draft` when absent.
    #[schema(required = false)]
    release_status: String,
    /// The day from which on it is public, for the status `embargoed`.
    #[schema(value_type = Option<String>, format = Date)]
    release_at: Option<chrono::NaiveDate>,
}

/// Store a file without a record of it.
#[utoipa::path(
    tag = "asset",
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses((status = 201, body = StoredFile))
)]
#[post("/asset/upload")]
async fn upload_file(db: Db, files: Files, upload: Upload, params: Params) -> Answer {
    const OPERATION: &str = "upload_file";
    params.unread()()?;
    db.unrepeatable()?;
    let (file, _) = upload.receive(&files, OPERATION, Taken::Any).await?.file()?;
    let stored = file.keep(OPERATION).await?;
    let stored = StoredFile { uri: stored.uri, storage_path: stored.storage_path };
    Ok(Rendered::json(StatusCode::CREATED, &stored).packed(db.context.accepts()).into())
}

/// Store a file and record it for a thing. When the thing has a record of it already, that one is the answer.
#[utoipa::path(
    tag = "asset",
    request_body(content = UploadAndRecordForm, content_type = "multipart/form-data"),
    responses((status = 201, body = Asset))
)]
#[post("/asset/upload-and-record")]
async fn upload_and_record(db: Db, files: Files, upload: Upload, signer: UrlSigner, params: Params) -> Answer {
    const OPERATION: &str = "upload_and_record";
    params.unread()()?;
    db.unrepeatable()?;
    let (file, texts) = upload.receive(&files, OPERATION, Taken::Shown).await?.file()?;
    let said = texts.clone();
    db.value(OPERATION, move |session| asset::check_upload(session, Parsed::read(&said))).await?;
    // First the file, then its record: a record always has its file, and a file without a record is found by `assets gc`.
    let stored = file.keep(OPERATION).await?;
    let record = move |session: &mut WriteSession<'_>, form: Parsed<RecordUpload>| {
        Ok(signed(asset::record(session, form, &stored)?, &signer.0))
    };
    db.write(OPERATION, StatusCode::CREATED, move || Ok(Parsed::read(&texts)), record).await
}

/// Remove the file of an asset; the record stays. A file that another asset has too is not removed.
#[utoipa::path(tag = "asset", responses((status = 204)))]
#[delete("/asset/{asset_id}/remove")]
async fn remove_file(key: Id<Asset>, db: Db, files: Files, params: Params) -> Answer {
    const OPERATION: &str = "remove_file";
    params.unread()()?;
    let path = db.written(OPERATION, move |session| asset::file_to_remove(session, key.id)).await?;
    files.prepare(OPERATION).await?;
    let storage = files.storage.clone();
    files.must(OPERATION, async move { storage.remove(path).await }).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The file of an asset, or a part of it, for whoever has its `signed_url`. Only where files are kept in a folder of the server, and not
/// in the document: what is in a signed URL is nobody's business.
async fn get_content(key: Id<Asset>, request: HttpRequest, db: Db, files: Files, params: Params) -> Answer {
    const OPERATION: &str = "get_content";
    let signature = params.read(|params| {
        let expires = params.text("expires").and_then(|text| text.parse().ok());
        Some(Signature { expires: expires?, digits: params.text("signature")? })
    });
    let signature = signature?.ok_or(ApiError::BadSignature)?;
    let storage = files.storage.clone();
    files.prepare(OPERATION).await?;
    if !matches!(storage.verifies(key.id, &signature, SystemTime::now()), Ok(true)) {
        return Err(ApiError::BadSignature);
    }
    let asset = db.value(OPERATION, move |session| asset::signed_for(session, key.id)).await?;
    let path = asset.storage_path.clone();
    let state = files.step(OPERATION, Weight::Light, async move { storage.state(path).await }).await?;
    let missing = || StoreError::Missing(format!("Asset with ID {} has no file.", key.id));
    files.send(&db, OPERATION, state.ok_or_else(missing)?, request.headers(), shown_as(&asset)).await
}

/// The type and the disposition of a file. What is no kind that is taken is for no browser to show.
fn shown_as(asset: &Asset) -> (&'static str, String) {
    let kind = FileKind::named(&asset.mime_type);
    let disposition = if kind.is_some() { DispositionType::Inline } else { DispositionType::Attachment };
    let plain =
        |c: char| if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%' | '/') || c == ' ' { c } else { '_' };
    let ascii: String = asset.name.chars().map(plain).collect();
    let mut parameters = vec![DispositionParam::Filename(ascii.clone())];
    if ascii != asset.name {
        let value = asset.name.chars().filter(|c| !c.is_control()).collect::<String>().into_bytes();
        let extended = ExtendedValue { charset: Charset::Ext("UTF-8".to_owned()), language_tag: None, value };
        parameters.push(DispositionParam::FilenameExt(extended));
    }
    let disposition = ContentDisposition { disposition, parameters };
    (kind.map_or(UNKNOWN_TYPE, FileKind::mime), disposition.to_string())
}

/// The routes of files.
pub fn routes(routes: &mut Routes) {
    routes.add(Editor, upload_file).add(Editor, upload_and_record).add(Editor, remove_file).undocumented(
        Access::Anonymous,
        Method::GET,
        "/asset/{asset_id}/content",
        web::get().to(get_content),
    );
}
