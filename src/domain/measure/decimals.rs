//! Rounding of degrees, for readers who may know roughly where something is, and no more.

/// How many decimals of a degree are told. One decimal is about eleven kilometres, each further one a tenth of that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimals(u8);

impl Decimals {
    /// Beyond so many, rounding hides nothing any more: a tenth of a metre.
    pub const MOST: u8 = 6;

    /// So many; `None` beyond [`Self::MOST`].
    pub fn new(decimals: u8) -> Option<Self> {
        (decimals <= Self::MOST).then_some(Self(decimals))
    }

    /// How many parts a degree has.
    pub fn scale(self) -> f64 {
        10_f64.powi(i32::from(self.0))
    }

    /// The rounded degrees. The database rounds by the very same steps (see `crate::db::rounded`), so that who narrows by
    /// what he was shown finds it.
    pub fn round(self, degrees: f64) -> f64 {
        let scale = self.scale();
        (degrees * scale + 0.5).floor() / scale
    }

    /// How far, in degrees, something may be from where it is shown; a little more, because floats are not exact.
    pub fn reach(self) -> f64 {
        0.5 / self.scale() + 1e-9
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn degrees_are_rounded_to_the_nearest() {
        let rounded = |decimals, degrees| Decimals::new(decimals).unwrap().round(degrees).to_string();
        assert_eq!(rounded(2, -106.909_87), "-106.91");
        assert_eq!(rounded(3, 34.070_49), "34.07");
        assert_eq!(rounded(0, -0.4), "0");
        assert_eq!(rounded(1, 179.97), "180");
        assert_eq!(Decimals::new(7), None);
    }
}
