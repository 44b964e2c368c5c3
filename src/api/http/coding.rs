//! How an answer's bytes are packed for the way: `Accept-Encoding` is read, and answers are compressed where they are made.
//!
//! What a job renders is packed on its blocking thread, and the pieces of a long answer each on the thread that made them, by
//! one encoder that travels along. What no job made (documentation, metrics) is packed by [`crate::api::http::chunks`].

use std::io::{self, Write as _};

use actix_web::http::header::{ACCEPT_ENCODING, HeaderMap};
use flate2::write::GzEncoder;

/// Bodies below this size are sent as they are: packing them would save less than a packet.
pub const SMALL: usize = 1024;

/// Both are set for speed: the work competes with the database for the same processors (ADR 20 has the numbers).
const GZIP_LEVEL: u32 = 1;
const ZSTD_LEVEL: i32 = 1;
/// 256 KB of the text before are looked at: that bounds an encoder's memory.
const ZSTD_WINDOW: u32 = 18;

/// A content coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// As it is.
    Identity,
    /// `gzip`
    Gzip,
    /// `zstd`
    Zstd,
}

impl Coding {
    /// What stands in `Content-Encoding`; nothing for [`Self::Identity`].
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Zstd => Some("zstd"),
        }
    }
}

/// What a client takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepts {
    /// The coding that it likes best of those that there are.
    coding: Coding,
    /// Whether it also takes what is not packed.
    plain: bool,
}

impl Accepts {
    /// Reads `Accept-Encoding`. `None` when nothing that there is would do.
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let sent = headers.get_all(ACCEPT_ENCODING).filter_map(|value| value.to_str().ok());
        let listed: Vec<(&str, u16)> = sent.flat_map(|value| value.split(',')).filter_map(element).collect();
        let quality = |names: &[&str]| {
            let find = |name: &str| listed.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            names.iter().find_map(|name| find(name)).map(|(_, quality)| *quality)
        };
        let any = quality(&["*"]);
        let gzip = quality(&["gzip", "x-gzip"]).or(any).unwrap_or(0);
        let zstd = quality(&["zstd"]).or(any).unwrap_or(0);
        let identity = quality(&["identity"]).or(any.filter(|any| *any == 0));
        let plain = identity != Some(0);
        let (coding, best) = if zstd >= gzip { (Coding::Zstd, zstd) } else { (Coding::Gzip, gzip) };
        // Who does not name what is not packed takes it, but likes whatever he names better.
        match (best, identity) {
            (0, _) => plain.then_some(Self { coding: Coding::Identity, plain }),
            (best, Some(identity)) if identity > best => Some(Self { coding: Coding::Identity, plain }),
            _ => Some(Self { coding, plain }),
        }
    }

    /// As if the client had asked for nothing.
    pub fn anything() -> Self {
        Self { coding: Coding::Identity, plain: true }
    }

    /// The coding for a whole body of this size.
    pub fn coding_for(self, length: usize) -> Coding {
        if length == 0 || (length < SMALL && self.plain) { Coding::Identity } else { self.coding }
    }
}

/// One element of the header: a name and its quality in thousandths. What cannot be read is left out.
fn element(text: &str) -> Option<(&str, u16)> {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?;
    let Some(parameter) = parts.next() else { return Some((name, 1000)) };
    let (key, value) = parameter.split_once('=')?;
    let quality: f32 = value.trim().parse().ok()?;
    let known = key.trim().eq_ignore_ascii_case("q") && (0.0..=1.0).contains(&quality);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "used only between 0 and 1000")]
    let thousandths = (quality * 1000.0).round() as u16;
    known.then_some((name, thousandths))
}

/// True for bodies that get smaller by packing, told by their content type.
pub fn packs_well(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    kind.starts_with("text/")
        || kind.ends_with("+json")
        || kind.ends_with("+xml")
        || ["application/json", "application/javascript", "application/xml"].contains(&kind.as_str())
}

/// Packs bytes that come bit by bit.
pub enum Encoder {
    /// `gzip`
    Gzip(Box<GzEncoder<Vec<u8>>>),
    /// `zstd`
    Zstd(Box<zstd::stream::write::Encoder<'static, Vec<u8>>>),
}

impl Encoder {
    /// The encoder of a coding; none for [`Coding::Identity`].
    pub fn new(coding: Coding) -> io::Result<Option<Self>> {
        Ok(match coding {
            Coding::Identity => None,
            Coding::Gzip => {
                let encoder = GzEncoder::new(Vec::new(), flate2::Compression::new(GZIP_LEVEL));
                Some(Self::Gzip(Box::new(encoder)))
            }
            Coding::Zstd => {
                let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), ZSTD_LEVEL)?;
                encoder.window_log(ZSTD_WINDOW)?;
                Some(Self::Zstd(Box::new(encoder)))
            }
        })
    }

    /// Takes more bytes, and gives what has been packed so far: perhaps nothing.
    pub fn add(&mut self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        Ok(match self {
            Self::Gzip(encoder) => {
                encoder.write_all(bytes)?;
                std::mem::take(encoder.get_mut())
            }
            Self::Zstd(encoder) => {
                encoder.write_all(bytes)?;
                std::mem::take(encoder.get_mut())
            }
        })
    }

    /// What is left, and the end.
    pub fn finish(self) -> io::Result<Vec<u8>> {
        match self {
            Self::Gzip(encoder) => encoder.finish(),
            Self::Zstd(encoder) => encoder.finish(),
        }
    }
}

/// Packs a whole body; also says how.
pub fn pack(accepts: Accepts, body: Vec<u8>) -> io::Result<(Coding, Vec<u8>)> {
    let coding = accepts.coding_for(body.len());
    let Some(mut encoder) = Encoder::new(coding)? else { return Ok((coding, body)) };
    let mut packed = encoder.add(&body)?;
    drop(body);
    packed.extend(encoder.finish()?);
    Ok((coding, packed))
}

/// Packs a body that comes in pieces.
pub struct Packer {
    accepts: Accepts,
    coding: Coding,
    encoder: Option<Encoder>,
    begun: bool,
}

impl Packer {
    /// For a client.
    pub fn new(accepts: Accepts) -> Self {
        Self { accepts, coding: Coding::Identity, encoder: None, begun: false }
    }

    /// How the client takes it.
    pub fn accepts(&self) -> Accepts {
        self.accepts
    }

    /// How the body is packed; known once the first piece is there.
    pub fn coding(&self) -> Coding {
        self.coding
    }

    /// Packs the next piece. What comes out may be empty unless it is the last.
    pub fn piece(&mut self, bytes: Vec<u8>, last: bool) -> io::Result<Vec<u8>> {
        if !self.begun && !bytes.is_empty() {
            self.begun = true;
            self.coding = self.accepts.coding_for(if last { bytes.len() } else { usize::MAX });
            self.encoder = Encoder::new(self.coding)?;
        }
        let Some(encoder) = &mut self.encoder else { return Ok(bytes) };
        let mut packed = encoder.add(&bytes)?;
        drop(bytes);
        if last && let Some(encoder) = self.encoder.take() {
            packed.extend(encoder.finish()?);
        }
        Ok(packed)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Read as _;

    use actix_web::http::header::HeaderValue;

    use super::*;

    fn accepts(sent: &[&str]) -> Option<Accepts> {
        let mut headers = HeaderMap::new();
        for value in sent {
            headers.append(ACCEPT_ENCODING, HeaderValue::from_str(value).unwrap());
        }
        Accepts::of(&headers)
    }

    #[test]
    fn the_best_coding_is_chosen() {
        use Coding::{Gzip, Identity, Zstd};
        for (sent, small, large) in [
            (&[][..], Identity, Identity),
            (&[""], Identity, Identity),
            (&["gzip"], Identity, Gzip),
            (&["x-gzip"], Identity, Gzip),
            (&["GZIP"], Identity, Gzip),
            (&["gzip, deflate, br, zstd"], Identity, Zstd),
            (&["gzip", "zstd"], Identity, Zstd),
            (&["zstd;q=0.5, gzip"], Identity, Gzip),
            (&["gzip;q=0.2, zstd;q=0.1"], Identity, Gzip),
            (&["gzip ; q=0.001"], Identity, Gzip),
            (&["gzip;q=0"], Identity, Identity),
            (&["gzip;q=0, *"], Identity, Zstd),
            (&["zstd;q=0, *;q=0.3"], Identity, Gzip),
            (&["*"], Identity, Zstd),
            (&["br, compress"], Identity, Identity),
            (&["identity, gzip;q=0.5"], Identity, Identity),
            (&["identity, gzip"], Identity, Gzip),
            (&["identity;q=0, gzip"], Gzip, Gzip),
            (&["*;q=0, gzip"], Gzip, Gzip),
            (&["gzip;q=2, gzip;level=1, ;q=1"], Identity, Identity),
        ] {
            let accepts = accepts(sent).unwrap();
            assert_eq!((accepts.coding_for(SMALL - 1), accepts.coding_for(SMALL)), (small, large), "{sent:?}");
        }
        assert_eq!(accepts(&["identity;q=0"]), None);
        assert_eq!(accepts(&["*;q=0"]), None);
        assert_eq!(accepts(&["identity;q=0, gzip;q=0, br"]), None);
    }

    fn unpacked(coding: Coding, packed: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        match coding {
            Coding::Identity => out.extend_from_slice(packed),
            Coding::Gzip => {
                flate2::read::GzDecoder::new(packed).read_to_end(&mut out).unwrap();
            }
            Coding::Zstd => out = zstd::decode_all(packed).unwrap(),
        }
        out
    }

    #[test]
    fn pieces_make_one_body() {
        for sent in ["gzip", "zstd", "identity"] {
            let accepts = accepts(&[sent]).unwrap();
            let pieces: Vec<Vec<u8>> = (0..50_u8).map(|n| vec![n; usize::from(n) * 1000]).collect();
            let (mut packer, mut all) = (Packer::new(accepts), Vec::new());
            for (at, piece) in pieces.iter().enumerate() {
                all.extend(packer.piece(piece.clone(), at + 1 == pieces.len()).unwrap());
            }
            assert_eq!(packer.coding(), accepts.coding_for(SMALL), "{sent}");
            assert_eq!(unpacked(packer.coding(), &all), pieces.concat(), "{sent}");
            let (coding, whole) = pack(accepts, pieces.concat()).unwrap();
            assert_eq!(unpacked(coding, &whole), pieces.concat(), "{sent}");
        }
        let mut packer = Packer::new(accepts(&["zstd"]).unwrap());
        assert_eq!(packer.piece(b"little".to_vec(), true).unwrap(), b"little");
        assert_eq!(packer.coding(), Coding::Identity);
    }
}
