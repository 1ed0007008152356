//! Themes: how many experiences came at each stage, and of what they touch, quarter by quarter: as a picture, and as a
//! table below it. Nothing that fewer than five people said is counted (`crate::few`), and there is no sum by which it
//! could be; what one independent person reads is not in it.

mod picture;

use super::{
    desk::{Desk, Way},
    experiences::stage_name,
    fault::Fault,
    impact::{Asked, choose},
    quarter::{Period, Quarter},
};
use crate::{
    db::desk::experiences,
    few::{Part, Told},
    state::App,
};
use app::{
    domain::experience::Stage,
    lang::{Text, en::themes as words},
};
use axum::{
    Router,
    extract::{Query, State},
    response::Response,
    routing::get,
};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// `/themes`.
pub fn router() -> Router<App> {
    Router::new().route("/themes", get(page))
}

/// The most quarters of a picture that a phone can show.
const MOST_QUARTERS: i32 = 8;

/// The most tags of a picture: those that most spoke of.
const MOST_TAGS: usize = 24;

/// One line of the picture and of the table: a name, and of each quarter how many.
struct Series {
    name: String,
    numbers: Vec<Option<i64>>,
}

impl Series {
    fn of(name: String, parts: &[Part]) -> Self {
        let number = |part: &Part| match part.told() {
            Told::Exactly(number) => Some(number),
            _ => None,
        };
        Self {
            name,
            numbers: parts.iter().map(number).collect(),
        }
    }

    /// Its highest number; none where nothing is told of it.
    fn most(&self) -> Option<i64> {
        self.numbers.iter().flatten().max().copied()
    }
}

async fn page(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let period = asked.period(&desk).last(MOST_QUARTERS);
    let quarters = period.quarters();
    let stages = by_stage(&app, &desk, period).await?;
    let tags = by_tag(&app, &desk, period).await?;
    let title = words::TITLE.get();
    let main = html! {
        h1 { (title) }
        p.soft { (words::INTRO.get()) }
        (choose("/staff/themes", &desk, period))
        p.soft { (words::QUARTERS.get()) " " (words::FEW_MEANS.get()) }
        (part("stages", words::BY_STAGE, words::COLUMN_STAGE, &stages, &quarters))
        (part("tags", words::BY_TAG, words::COLUMN_TAG, &tags, &quarters))
    };
    Ok(desk.page(Way::Themes, title, false, &main).await?)
}

/// Every stage, whether anything is told of it or not.
async fn by_stage(app: &App, desk: &Desk, period: Period) -> Result<Vec<Series>, Fault> {
    let spans = period.spans(&desk.clock);
    let found = experiences::by_stage(&app.db.pool, &spans).await?;
    let stages = Stage::ALL.into_iter().map(Some).chain([None]);
    let all = stages.map(|stage| {
        let mut parts = vec![Part::default(); spans.len()];
        for (place, _, part) in found.iter().filter(|(_, one, _)| *one == stage) {
            parts[*place] = *part;
        }
        Series::of(stage_name(stage).get().to_owned(), &parts)
    });
    Ok(all.collect())
}

/// What they touch, as far as anything is told of it: that somebody spoke of it at all is not told either.
async fn by_tag(app: &App, desk: &Desk, period: Period) -> Result<Vec<Series>, Fault> {
    let spans = period.spans(&desk.clock);
    let found = experiences::by_tag(&app.db.pool, &spans).await?;
    let mut tags: BTreeMap<String, Vec<Part>> = BTreeMap::new();
    for (place, tag, part) in found {
        let parts = tags
            .entry(tag)
            .or_insert_with(|| vec![Part::default(); spans.len()]);
        parts[place] = part;
    }
    let all = tags.into_iter().map(|(tag, parts)| Series::of(tag, &parts));
    let mut told: Vec<Series> = all.filter(|one| one.most().is_some()).collect();
    told.sort_by_key(|one| std::cmp::Reverse(one.numbers.iter().flatten().sum::<i64>()));
    told.truncate(MOST_TAGS);
    Ok(told)
}

fn part(id: &str, heading: Text, column: Text, all: &[Series], quarters: &[Quarter]) -> Markup {
    let most = all.iter().filter_map(Series::most).max();
    html! {
        section.stack.whole aria-labelledby=(id) {
            h2 id=(id) { (heading.get()) }
            @match most {
                None => p.card { (words::NONE.get()) },
                Some(most) => {
                    div.panels {
                        @for one in all.iter().filter(|one| one.most().is_some()) {
                            (picture::panel(one, most, quarters))
                        }
                    }
                    details {
                        summary { (words::TABLE.get()) }
                        (table(column, all, quarters))
                    }
                },
            }
        }
    }
}

fn table(column: Text, all: &[Series], quarters: &[Quarter]) -> Markup {
    html! {
        table.numbers role="table" {
            thead role="rowgroup" {
                tr role="row" {
                    th role="columnheader" scope="col" { (column.get()) }
                    @for quarter in quarters { th role="columnheader" scope="col" { (quarter.say()) } }
                }
            }
            tbody role="rowgroup" {
                @for one in all {
                    tr role="row" {
                        th.who role="rowheader" scope="row" { bdi { (one.name) } }
                        @for (number, quarter) in one.numbers.iter().zip(quarters) {
                            td role="cell" data-label=(quarter.say()) { (said(*number)) }
                        }
                    }
                }
            }
        }
    }
}

/// A number, or that it is not told.
fn said(number: Option<i64>) -> String {
    match number {
        Some(number) => number.to_string(),
        None => words::FEW.get().to_owned(),
    }
}
