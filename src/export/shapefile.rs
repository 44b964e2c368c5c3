//! Things as a zipped shapefile: points with an elevation, and a table of attributes.
//!
//! Everything is written to temporary files as it comes, so an export of any size takes the memory of one part. Both
//! formats have rows of a fixed size and a header that tells the number of rows, which is entered at the end.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::domain::geospatial::ThingFeature;
use crate::export::dbf;
use crate::export::dbf::{Field, Kind};

const ID: Field = Field { name: "id", kind: Kind::Number(0), width: 10 };
const THING_TYPE: Field = Field { name: "thing_type", kind: Kind::Character, width: 100 };
const NAME: Field = Field { name: "name", kind: Kind::Character, width: 254 };
const GROUP: Field = Field { name: "group", kind: Kind::Character, width: 100 };
const COUNTY: Field = Field { name: "county", kind: Kind::Character, width: 100 };
/// Feet, as the level.
const WELL_DEPTH: Field = Field { name: "well_depth", kind: Kind::Number(3), width: 14 };
const MONITORING: Field = Field { name: "monitoring", kind: Kind::Character, width: 100 };
const IS_OPEN: Field = Field { name: "is_open", kind: Kind::Logical, width: 1 };
const LEVEL: Field = Field { name: "level_ft", kind: Kind::Number(3), width: 14 };
const LEVEL_DATE: Field = Field { name: "level_date", kind: Kind::Date, width: 8 };
const FIELDS: [Field; 10] = [ID, THING_TYPE, NAME, GROUP, COUNTY, WELL_DEPTH, MONITORING, IS_OPEN, LEVEL, LEVEL_DATE];

/// What GIS programs call EPSG:4326.
const PROJECTION: &str = "GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\",\
    SPHEROID[\"WGS_1984\",6378137.0,298.257223563]],PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]]";

const FILE_CODE: i32 = 9994;
const VERSION: i32 = 1000;
const POINT_Z: i32 = 11;
/// Any measure below -10^38 means that there is none.
const NO_MEASURE: f64 = -1e39;
/// Lengths and offsets count words of two bytes.
const HEADER_WORDS: u32 = 50;
const CONTENT_WORDS: u32 = 18;
/// The content and its own header.
const RECORD_WORDS: u32 = CONTENT_WORDS + 4;
const INDEX_WORDS: u32 = 4;

/// A shapefile that is being written.
pub struct Shapefile {
    points: BufWriter<File>,
    index: BufWriter<File>,
    table: BufWriter<File>,
    count: u32,
    bounds: Option<Bounds>,
}

/// The least and the greatest of each coordinate.
#[derive(Clone, Copy)]
struct Bounds {
    min: [f64; 3],
    max: [f64; 3],
}

impl Shapefile {
    /// Makes the temporary files, which are gone as soon as they are closed. Blocking, like all of this.
    pub fn new() -> io::Result<Self> {
        let file = || tempfile::tempfile().map(BufWriter::new);
        let mut new = Self { points: file()?, index: file()?, table: file()?, count: 0, bounds: None };
        // The place of the headers, which are written last.
        new.points.write_all(&[0; 100])?;
        new.index.write_all(&[0; 100])?;
        dbf::write_header(&mut new.table, &FIELDS)?;
        Ok(new)
    }

    /// Adds a thing.
    pub fn add(&mut self, thing: &ThingFeature) -> io::Result<()> {
        let position = thing.geometry.coordinates;
        let offset = words(HEADER_WORDS, RECORD_WORDS, self.count)?;
        self.count += 1;
        self.bounds = Some(self.bounds.map_or(Bounds { min: position, max: position }, |bounds| bounds.with(position)));

        self.points.write_all(&self.count.to_be_bytes())?;
        self.points.write_all(&CONTENT_WORDS.to_be_bytes())?;
        self.points.write_all(&POINT_Z.to_le_bytes())?;
        for number in position.into_iter().chain([NO_MEASURE]) {
            self.points.write_all(&number.to_le_bytes())?;
        }

        self.index.write_all(&offset.to_be_bytes())?;
        self.index.write_all(&CONTENT_WORDS.to_be_bytes())?;

        let properties = &thing.properties;
        dbf::begin_row(&mut self.table)?;
        dbf::write_value(&mut self.table, ID, &properties.id.to_string())?;
        dbf::write_value(&mut self.table, THING_TYPE, &properties.thing_type)?;
        dbf::write_value(&mut self.table, NAME, &properties.name)?;
        dbf::write_value(&mut self.table, GROUP, properties.group.as_deref().unwrap_or_default())?;
        dbf::write_value(&mut self.table, COUNTY, properties.county.as_deref().unwrap_or_default())?;
        dbf::write_number(&mut self.table, WELL_DEPTH, properties.well_depth)?;
        dbf::write_value(&mut self.table, MONITORING, properties.monitoring_status.as_deref().unwrap_or_default())?;
        dbf::write_logical(&mut self.table, IS_OPEN, properties.open_status)?;
        dbf::write_number(&mut self.table, LEVEL, properties.latest_water_level)?;
        let measured = properties.latest_water_level_datetime.map(|time| time.0.date());
        dbf::write_date(&mut self.table, LEVEL_DATE, measured)
    }

    /// Enters the headers and packs everything into one file, which is left at its beginning; gives its length too.
    pub fn finish(mut self) -> io::Result<(File, u64)> {
        let bounds = self.bounds.unwrap_or(Bounds { min: [0.0; 3], max: [0.0; 3] });
        write_header(&mut self.points, words(HEADER_WORDS, RECORD_WORDS, self.count)?, bounds)?;
        write_header(&mut self.index, words(HEADER_WORDS, INDEX_WORDS, self.count)?, bounds)?;
        dbf::finish(&mut self.table, self.count)?;

        let mut zip = ZipWriter::new(tempfile::tempfile()?);
        for (name, file) in [("things.shp", self.points), ("things.shx", self.index), ("things.dbf", self.table)] {
            let mut file = file.into_inner()?;
            let length = file.seek(SeekFrom::End(0))?;
            file.rewind()?;
            zip.start_file(name, SimpleFileOptions::default().large_file(u32::try_from(length).is_err()))?;
            io::copy(&mut Read::by_ref(&mut file), &mut zip)?;
        }
        for (name, text) in [("things.prj", PROJECTION), ("things.cpg", "UTF-8")] {
            zip.start_file(name, SimpleFileOptions::default())?;
            zip.write_all(text.as_bytes())?;
        }
        let mut file = zip.finish()?;
        let length = file.seek(SeekFrom::End(0))?;
        file.rewind()?;
        Ok((file, length))
    }
}

impl Bounds {
    fn with(self, position: [f64; 3]) -> Self {
        let [x, y, z] = position;
        let ([min_x, min_y, min_z], [max_x, max_y, max_z]) = (self.min, self.max);
        Self { min: [min_x.min(x), min_y.min(y), min_z.min(z)], max: [max_x.max(x), max_y.max(y), max_z.max(z)] }
    }
}

/// The words of a header and so many records. The format ends at 2^31 - 1, which is 97 million points.
fn words(header: u32, each: u32, count: u32) -> io::Result<i32> {
    let words = u64::from(header) + u64::from(each) * u64::from(count);
    i32::try_from(words).map_err(io::Error::other)
}

fn write_header(out: &mut (impl Write + Seek), length: i32, bounds: Bounds) -> io::Result<()> {
    out.rewind()?;
    out.write_all(&FILE_CODE.to_be_bytes())?;
    out.write_all(&[0; 20])?;
    out.write_all(&length.to_be_bytes())?;
    out.write_all(&VERSION.to_le_bytes())?;
    out.write_all(&POINT_Z.to_le_bytes())?;
    let ([min_x, min_y, min_z], [max_x, max_y, max_z]) = (bounds.min, bounds.max);
    // The last two are the bounds of measures, which there are none of.
    for number in [min_x, min_y, max_x, max_y, min_z, max_z, 0.0, 0.0] {
        out.write_all(&number.to_le_bytes())?;
    }
    out.flush()
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "what is written comes back bit by bit")]
mod tests {
    use zip::ZipArchive;

    use super::*;
    use crate::domain::geospatial::ThingProperties;
    use crate::domain::measure::time::UtcDateTime;
    use crate::domain::thing::{Feet, PointGeometry};

    fn thing(id: i32, coordinates: [f64; 3], name: &str, group: Option<&str>) -> ThingFeature {
        ThingFeature {
            kind: "Feature",
            id,
            geometry: PointGeometry { kind: "Point", coordinates },
            properties: ThingProperties {
                id,
                thing_type: "spring".to_owned(),
                name: name.to_owned(),
                group: group.map(str::to_owned),
                county: group.map(|_| "Socorro".to_owned()),
                well_depth: group.map(|_| 310.5),
                well_depth_unit: Feet::Feet,
                monitoring_status: None,
                open_status: group.map(|_| true),
                latest_water_level: group.map(|_| 12.25),
                latest_water_level_unit: Feet::Feet,
                latest_water_level_datetime: UtcDateTime::parse_aware("2026-02-03T04:05:06Z")
                    .ok()
                    .map(UtcDateTime::exact),
            },
        }
    }

    /// The files of the archive, by name.
    fn written(things: &[ThingFeature]) -> Vec<(String, Vec<u8>)> {
        let mut shapefile = Shapefile::new().unwrap();
        for thing in things {
            shapefile.add(thing).unwrap();
        }
        let (file, length) = shapefile.finish().unwrap();
        assert_eq!(file.metadata().unwrap().len(), length);
        let mut zip = ZipArchive::new(file).unwrap();
        (0..zip.len())
            .map(|index| {
                let mut file = zip.by_index(index).unwrap();
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes).unwrap();
                (file.name().unwrap().into_owned(), bytes)
            })
            .collect()
    }

    fn be(bytes: &[u8], at: usize) -> i32 {
        i32::from_be_bytes(bytes[at..at + 4].try_into().unwrap())
    }

    fn double(bytes: &[u8], at: usize) -> f64 {
        f64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())
    }

    #[test]
    fn points_index_and_table_say_what_was_added() {
        let files = written(&[
            thing(7, [-106.5, 34.25, 1432.5], "NM-1", Some("Río")),
            thing(2_147_483_647, [-107.5, 33.0, -5.0], &"é".repeat(200), None),
        ]);
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["things.shp", "things.shx", "things.dbf", "things.prj", "things.cpg"]);
        let [shp, shx, table, prj, cpg] = [0, 1, 2, 3, 4].map(|index| &files[index].1[..]);

        assert_eq!(shp.len(), 100 + 2 * 44);
        assert_eq!(
            (be(shp, 0), be(shp, 24), shp[28..36].to_vec()),
            (9994, 94, [1000_i32, 11].map(i32::to_le_bytes).concat())
        );
        let bounds: Vec<f64> = (0..8).map(|index| double(shp, 36 + index * 8)).collect();
        assert_eq!(bounds, [-107.5, 33.0, -106.5, 34.25, -5.0, 1432.5, 0.0, 0.0]);
        assert_eq!((be(shp, 100), be(shp, 104), be(shp, 144), be(shp, 148)), (1, 18, 2, 18));
        assert_eq!([112, 120, 128].map(|at| double(shp, at)), [-106.5, 34.25, 1432.5]);
        assert_eq!([156, 164, 172].map(|at| double(shp, at)), [-107.5, 33.0, -5.0]);
        assert!(double(shp, 180) < -1e38);

        assert_eq!((shx.len(), be(shx, 24)), (116, 58));
        assert_eq!([100, 104, 108, 112].map(|at| be(shx, at)), [50, 18, 72, 18]);

        assert_eq!(table[0], 3);
        assert_eq!(table[4..12], [2, 0, 0, 0, 97, 1, 190, 2], "two rows, 353 bytes of header, 702 bytes a row");
        assert_eq!(&table[32..48], b"id\0\0\0\0\0\0\0\0\0N\0\0\0\0");
        assert_eq!((table[48], &table[64..76]), (10, &b"thing_type\0C"[..]));
        assert_eq!(table.len(), 353 + 2 * 702 + 1);
        let text = |from: usize, width: usize| std::str::from_utf8(&table[from..from + width]).unwrap().trim();
        assert_eq!((text(354, 10), text(364, 100), text(464, 254), text(718, 100)), ("7", "spring", "NM-1", "Río"));
        assert_eq!(
            (text(818, 100), text(918, 14), text(932, 100), text(1032, 1), text(1033, 14), text(1047, 8)),
            ("Socorro", "310.500", "", "T", "12.250", "20260203")
        );
        assert_eq!((text(1056, 10), text(1166, 254), text(1420, 100)), ("2147483647", &*"é".repeat(127), ""));
        assert_eq!((text(1520, 100), text(1620, 14), text(1734, 1), text(1735, 14)), ("", "", "?", ""));
        assert_eq!(table.last(), Some(&0x1a));

        assert!(prj.starts_with(b"GEOGCS[\"GCS_WGS_1984\""));
        assert_eq!(cpg, b"UTF-8");
    }

    #[test]
    fn without_things_it_is_an_empty_layer_of_points() {
        let files = written(&[]);
        let shp = &files[0].1;
        assert_eq!((shp.len(), be(shp, 24), shp[32]), (100, 50, 11));
        assert_eq!(files[2].1.len(), 354);
    }
}
