//! Ids that a spreadsheet has ruined: `1234567890123456789` saved as `1,23457E+18`, or as `1234567890123456000`.

/// A spreadsheet keeps fifteen digits of a number and writes noughts for the rest.
const KEPT_DIGITS: usize = 15;
/// What rounded ids end in.
const NOUGHTS: &[u8] = b"000";
/// Share of long ids with such an end, in percent, that chance does not give: it gives one in a thousand.
const RUINED_PERCENT: u64 = 30;

/// What ids look like, counted row by row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IdLook {
    /// Ids written as `1.23457E+18`.
    pub n_floats: u64,
    /// Ids of fifteen digits or more.
    pub n_long: u64,
    /// Those of them that end in `000`.
    pub n_rounded: u64,
    /// Line of the first id that is a float or rounded.
    pub first: Option<u64>,
}

impl IdLook {
    /// Looks at the id of a row, if the input has ids.
    pub fn look(&mut self, id: Option<&str>, line: u64) {
        let id = id.unwrap_or_default().as_bytes();
        if !id.first().is_some_and(u8::is_ascii_digit) {
            return;
        }
        let is_long = id.len() >= KEPT_DIGITS && id.iter().all(u8::is_ascii_digit);
        let is_rounded = is_long && id.ends_with(NOUGHTS);
        let is_float = !is_long && is_float(id);
        self.n_long += u64::from(is_long);
        self.n_rounded += u64::from(is_rounded);
        self.n_floats += u64::from(is_float);
        if is_rounded || is_float {
            self.first.get_or_insert(line);
        }
    }

    /// Whether they look ruined: a single float is enough, rounded ones must be many.
    pub fn is_ruined(&self) -> bool {
        self.n_floats > 0 || (self.n_rounded > 0 && self.n_rounded * 100 >= self.n_long * RUINED_PERCENT)
    }

    /// Adds what later rows look like.
    pub fn add(&mut self, later: &Self) {
        self.n_floats += later.n_floats;
        self.n_long += later.n_long;
        self.n_rounded += later.n_rounded;
        self.first = self.first.or(later.first);
    }
}

/// Whether it is one digit, perhaps with decimals behind a point or comma, then `E+` and digits.
fn is_float(id: &[u8]) -> bool {
    let Some(exponent) = memchr::memmem::find(id, b"E+") else { return false };
    let (mantissa, exponent) = (&id[..exponent], &id[exponent + 2..]);
    let digits = |bytes: &[u8]| !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit);
    let has_decimals = matches!(mantissa, [_, b'.' | b',', decimals @ ..] if digits(decimals));
    digits(&mantissa[..1]) && (mantissa.len() == 1 || has_decimals) && digits(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(ids: &[&str]) -> IdLook {
        let mut look = IdLook::default();
        (2..).zip(ids).for_each(|(line, id)| look.look(Some(id), line));
        look
    }

    #[test]
    fn floats_are_ruined_ids() {
        for id in ["1.23457E+18", "1,23457E+18", "1E+18", "9,9E+9"] {
            assert!(look(&["12", id]).is_ruined(), "{id}");
        }
        for id in ["E+18", "12.5E+18", "1.E+18", "1.5E+", "1.5e+18", "1.5E18", "a1E+5", "1x5E+3", "", "5E+3 "] {
            assert!(!look(&[id]).is_ruined(), "{id}");
        }
        assert_eq!(look(&["12", "1E+18"]).first, Some(3));
    }

    #[test]
    fn many_long_ids_that_end_in_noughts_are_ruined() {
        let sound = ["123456789012345678"; 7];
        assert!(look(&[&sound[..], &["123456789012345000"; 3]].concat()).is_ruined());
        assert!(!look(&[&sound[..], &["123456789012345000"; 2]].concat()).is_ruined());
        assert!(!look(&["12000", "00000000000000"]).is_ruined());
    }

    #[test]
    fn parts_add_up() {
        let (first, second) = (look(&["7", "123456789012345000"]), look(&["1E+9"]));
        let mut whole = first.clone();
        whole.add(&second);
        assert_eq!((whole.n_long, whole.n_rounded, whole.n_floats, whole.first), (1, 1, 1, Some(3)));
    }
}
