//! The report's numbers as a file that spreadsheets open.

use super::{
    Asked,
    report::{Report, say},
};
use crate::{
    csv,
    http::staff::{desk::Desk, fault::Fault},
    state::App,
};
use app::lang::en::impact as words;
use axum::{
    body::Body,
    extract::{Query, State},
    response::Response,
};

pub(super) async fn numbers(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let report = Report::load(&app, &desk, asked.period(&desk)).await?;
    let period = report.period.say(&desk.clock);
    let columns = [
        words::COLUMN_PERIOD,
        words::COLUMN_PART,
        words::COLUMN_WHAT,
        words::COLUMN_NUMBER,
    ];
    let mut file = String::from(csv::BEGIN);
    file.push_str(&csv::row(columns.map(|column| column.get())));
    for numbers in report.numbers() {
        for (name, told) in &numbers.lines {
            let cells = [&period, numbers.heading.get(), name, &say(*told)];
            file.push_str(&csv::row(cells));
        }
    }
    let name = [
        words::FILE_NAME.get(),
        &report.period.from.word(),
        &report.period.until.word(),
    ];
    Ok(csv::answer(&name.join("-"), Body::from(file)))
}
