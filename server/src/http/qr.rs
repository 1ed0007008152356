//! Pictures that a phone's camera reads.

use crate::error::Error;
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write;

/// The edge around the picture that cameras need, in squares.
const QUIET: usize = 4;

/// The QR code of `text`: how wide it is, and its dark squares as an SVG path, run by run.
///
/// # Errors
/// The text is too long: a defect.
pub fn picture(text: &str) -> Result<(u32, String), Error> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|problem| Error::Internal(format!("a QR code: {problem}")))?;
    let width = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run[0] == Color::Dark {
                let (at, down, long) = (x + QUIET, y + QUIET, run.len());
                write!(path, "M{at} {down}h{long}v1h-{long}z")
                    .expect("writing to a string cannot fail");
            }
            x += run.len();
        }
    }
    Ok((u32::try_from(width + 2 * QUIET).unwrap_or(u32::MAX), path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_its_quiet_edge_and_the_three_corners_that_cameras_look_for() {
        let (size, path) = picture("https://chorus.example/join/482190357716").unwrap();
        assert_eq!(size, 29 + 8);
        assert!(path.starts_with("M4 4h7v1h-7z"), "{path}");
        assert!(path.contains("M26 4h7v1h-7z") && path.contains("M4 26h7v1h-7z"));
        assert!(path.bytes().all(|byte| b"Mhvz -0123456789".contains(&byte)));
    }
}
