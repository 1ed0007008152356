//! Lists as files that spreadsheets open: CSV after RFC 4180, in UTF-8 with the mark by which they know
//! it. A cell that a spreadsheet would run as a formula is kept from it by an apostrophe before it: what
//! people typed is text, wherever it is opened.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};

/// What stands before the first row.
pub const BEGIN: &str = "\u{feff}";

/// One row, with its line end.
pub fn row<S: AsRef<str>>(cells: impl IntoIterator<Item = S>) -> String {
    let mut row = String::new();
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            row.push(',');
        }
        push(&mut row, cell.as_ref());
    }
    row.push_str("\r\n");
    row
}

fn push(row: &mut String, cell: &str) {
    let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if !runs && !cell.contains([',', '"', '\r', '\n']) {
        return row.push_str(cell);
    }
    row.push('"');
    if runs {
        row.push('\'');
    }
    row.push_str(&cell.replace('"', "\"\""));
    row.push('"');
}

/// An answer that is saved as `name`.csv. The name has only letters, digits and dashes.
pub fn answer(name: &str, body: Body) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/csv; charset=utf-8"),
    );
    let saved = format!("attachment; filename=\"{name}.csv\"");
    if let Ok(saved) = HeaderValue::from_str(&saved) {
        headers.insert(header::CONTENT_DISPOSITION, saved);
    }
    (headers, body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_cells_stay_plain_and_others_are_quoted() {
        assert_eq!(row(["a", "é 2.02pm", ""]), "a,é 2.02pm,\r\n");
        assert_eq!(
            row(["a,b", "say \"hi\"", "two\nlines"]),
            "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\r\n"
        );
    }

    #[test]
    fn no_cell_is_ever_run_as_a_formula() {
        for cell in [
            "=1+1",
            "+44 1632",
            "-2",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "=HYPERLINK(\"http://x.example\",\"y\")",
        ] {
            let row = row([cell]);
            let inside = row.trim_end_matches("\r\n").trim_matches('"');
            assert!(inside.starts_with('\''), "{cell:?}: {row}");
        }
        assert_eq!(row(["– none", "a=1"]), "– none,a=1\r\n");
    }
}
