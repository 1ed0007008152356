//! Amounts of money as people type and read them: pounds outside, pence inside.

use app::lang::en::board as words;

/// More than anybody is paid for a session: a slip of the finger.
const MOST_PENCE: i64 = 1_000_000;

/// "4.50", "£4", "4.5" as pence; none where nothing was typed.
///
/// # Errors
/// It is no amount, or more than £10,000.
pub fn read(typed: &str) -> Result<Option<i64>, NoAmount> {
    let typed = typed.trim().trim_start_matches('£').trim_start();
    if typed.is_empty() {
        return Ok(None);
    }
    let (pounds, pence) = typed.split_once('.').unwrap_or((typed, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if pounds.is_empty() || pounds.len() > 6 || pence.len() > 2 || !digits(pounds) || !digits(pence)
    {
        return Err(NoAmount);
    }
    let number = |text: &str| text.parse::<i64>().map_err(|_| NoAmount);
    let amount = number(pounds)? * 100 + number(&format!("{pence:0<2}"))?;
    (amount <= MOST_PENCE)
        .then_some(Some(amount))
        .ok_or(NoAmount)
}

/// What was typed is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoAmount;

/// "4.50": as it stands in a field or a file.
pub fn plain(pence: i64) -> String {
    format!("{}.{:02}", pence / 100, pence % 100)
}

/// "£4.50".
pub fn say(pence: i64) -> String {
    words::POUNDS.fill(&[("amount", &plain(pence))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_type_them() {
        for (typed, pence) in [
            ("4.50", 450),
            (" £4 ", 400),
            ("4.5", 450),
            ("0", 0),
            ("£ 12.05", 1205),
            ("7.", 700),
        ] {
            assert_eq!(read(typed), Ok(Some(pence)), "{typed}");
        }
        assert_eq!(read("  "), Ok(None));
    }

    #[test]
    fn what_is_no_amount_is_not_guessed() {
        for typed in [
            "-4",
            "4,50",
            "4.505",
            "four",
            "1e3",
            ".",
            "10000.01",
            "99999999999999999999",
        ] {
            assert_eq!(read(typed), Err(NoAmount), "{typed}");
        }
    }

    #[test]
    fn an_amount_is_said_with_two_places() {
        assert_eq!(say(405), "£4.05");
        assert_eq!(read(&plain(99)), Ok(Some(99)));
    }
}
