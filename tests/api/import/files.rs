//! Files as they come from the U.S. Geological Survey, small and bad ones.

use std::io::Write as _;
use std::path::PathBuf;

use flate2::{Compression, write::GzEncoder};
use ocotillo::import::usgs::Import;

pub const SITE_HEADER: &str = "monitoring_location_id,agency_code,monitoring_location_name,site_type_code,site_type,state_name,\
county_name,altitude,altitude_accuracy,altitude_method_name,vertical_datum,original_horizontal_datum,\
horizontal_position_method_name,construction_date,well_constructed_depth,hole_constructed_depth,longitude,latitude";

pub const SITES: &str = "\
USGS-1,USGS,Upper well,GW,Well,New Mexico,Socorro County,4850.5,10,Interpolated from topographic map.,NGVD29,NAD27,Interpolated from MAP.,19840627,300,310,-106.9,34.1
USGS-2,USGS,\"Lower, \"\"old\"\" well\",GW,Well,New Mexico,Catron,4800,,Some new method,NAVD88,NAD83,Calculated from land net,1951,,,-106.8,34
USGS-3,USGS,,GW-TH,Test hole,New Mexico,,-12,0.1,Altimeter.,NAVD88,NAD83,Reported.,198907,-5,deep,-106.7,33.9
USGS-4,USGS,Warm spring,SP,Spring,New Mexico,,5000,1,Unknown.,NAVD88,NAD83,Unknown.,tomorrow,,,-106.6,33.8
";

pub const BAD_SITES: &str = "\
,USGS,Nameless,GW,Well,New Mexico,,1,1,,,,,,,,-106,34
USGS-1,USGS,Again,GW,Well,New Mexico,,1,1,,,,,,,,-106,34
USGS-5,USGS,Off the map,GW,Well,New Mexico,,1,1,,,,,,,,-206,34
USGS-6,USGS,Too deep,GW,Well,New Mexico,,NaN,1,,,,,,,,-106,34
USGS-7,USGS,Short
";

pub const LEVEL_HEADER: &str = "monitoring_location_id,time,value,parameter_code,statistic_id";

/// A daily series at the first site, with a hole.
pub fn daily() -> String {
    (1..=28)
        .filter(|day| *day != 14)
        .map(|day| format!("USGS-1,2001-02-{day:02}T05:00:00Z,{}.25,72019,00003\n", 40 + day))
        .collect()
}

pub const BY_HAND: &str = "\
USGS-2,1999-01-05T18:30:00Z,12.5,72019,
USGS-1,2001-02-03T05:00:00Z,43,72019,
USGS-2,2000-01-05T18:30:00Z,13,72019,
USGS-3,2000-01-05T18:30:00Z,-1.5,72019,
USGS-2,2000-01-05T18:30:20Z,13.02,72019,
";

pub const BAD_LEVELS: &str = "\
USGS-2,1999-01-05T18:30:00Z,12.5,72019,
USGS-2,1999-01-05T18:30:00Z,12.75,72019,
USGS-1,2001-02-02T05:00:00Z,42.25,72019,00003
USGS-9,1999-01-05T18:30:00Z,12.5,72019,
USGS-2,2001-01-05T18:30:00Z,,72019,
USGS-2,2002-01-05T18:30:00Z,dry,72019,
USGS-2,2003-01-05T18:30:00Z,inf,72019,
USGS-2,1999-13-05T18:30:00Z,12.5,72019,
USGS-2,2999-01-05T18:30:00Z,12.5,72019,
USGS-2,2004-01-05T18:30:00Z,12.5,00010,
USGS-2,2005-01-05T18:30:00Z,12.5,72019,00001
USGS-2,2006-01-05T18:30:00Z
";

pub struct Files {
    directory: tempfile::TempDir,
}

impl Files {
    pub fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub fn plain(&self, name: &str, header: &str, rows: &[&str]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, format!("{header}\n{}", rows.concat())).unwrap();
        path
    }

    pub fn zipped(&self, name: &str, header: &str, rows: &[&str]) -> PathBuf {
        let path = self.path(name);
        let mut out = GzEncoder::new(std::fs::File::create(&path).unwrap(), Compression::default());
        write!(out, "{header}\n{}", rows.concat()).unwrap();
        out.finish().unwrap();
        path
    }

    pub fn import(&self, sites: PathBuf, levels: PathBuf) -> Import {
        // Chunks and buffers so small that sites and series are cut.
        Import { report: Some(self.path("report")), chunk: 10, buffer: 7, ..Import::new(sites, levels) }
    }

    /// The report, without the directory.
    pub fn report(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.path("report")).unwrap();
        let directory = format!("{}/", self.directory.path().display());
        text.lines().map(|line| line.strip_prefix(&directory).unwrap().to_owned()).collect()
    }
}
