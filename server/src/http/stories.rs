//! Stories, for everyone, without sign-in: the words that their member approved, and the name if there is one. Nothing of
//! it is kept by phones or by anything between: taken down, a story is gone with the next look.

use super::document;
use crate::{
    db::{
        self,
        experiences::stories::{self, Told},
    },
    error::Error,
    state::App,
};
use app::{
    domain::{change::brief, experience::Stage, id::StoryId, time::rfc3339},
    lang::{
        Text,
        en::{experience, frame, stories as words},
    },
    ui::{route::Route, when},
};
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use maud::{Markup, html};

/// How many stand in the list.
const MOST: i64 = 200;

/// How much of a story stands there.
const BEGIN: usize = 160;

/// `/stories`, `/stories/{id}`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/stories", get(list))
        .route("/stories/{story}", get(one))
}

async fn list(State(app): State<App>) -> Result<Response, Error> {
    let all = stories::told(&mut *app.db.reader().await?, MOST).await?;
    page(&app, StatusCode::OK, || drawn_list(&all)).await
}

async fn one(State(app): State<App>, Path(story): Path<String>) -> Result<Response, Error> {
    let Ok(id) = story.parse::<StoryId>() else {
        return page(&app, StatusCode::NOT_FOUND, || {
            nothing(words::NOT_THERE, None)
        })
        .await;
    };
    let mut reader = app.db.reader().await?;
    if let Some(it) = stories::told_one(&mut reader, id).await? {
        return page(&app, StatusCode::OK, || drawn(&it)).await;
    }
    // That one was ever thought of is said only of what everyone could read.
    let was_told = stories::find(&mut reader, id).await?;
    let was_told = was_told.is_some_and(|it| it.published_at.is_some());
    drop(reader);
    if was_told {
        let gone = || nothing(words::GONE, Some(words::GONE_UNDER));
        return page(&app, StatusCode::GONE, gone).await;
    }
    page(&app, StatusCode::NOT_FOUND, || {
        nothing(words::NOT_THERE, None)
    })
    .await
}

/// The name of a stage.
pub fn stage_name(it: Stage) -> Text {
    match it {
        Stage::Hospital => experience::STAGE_HOSPITAL,
        Stage::EarlyIntervention => experience::STAGE_EARLY_INTERVENTION,
        Stage::CrisisCare => experience::STAGE_CRISIS_CARE,
        Stage::Community => experience::STAGE_COMMUNITY,
        Stage::Housing => experience::STAGE_HOUSING,
        Stage::Other => experience::STAGE_OTHER,
    }
}

fn drawn_list(all: &[Told]) -> Markup {
    html! {
        h1 { (words::TITLE.get()) }
        p { (words::INTRO.get()) }
        @if all.is_empty() {
            div.card { p { (words::NONE.get()) } }
        }
        ul.cards {
            @for it in all {
                li { div.card {
                    (about(it))
                    h2 { a href=(format!("/stories/{}", it.id)) dir="auto" { (brief(&it.text, BEGIN)) } }
                    (told(it))
                } }
            }
        }
    }
}

fn drawn(it: &Told) -> Markup {
    html! {
        h1 { (words::TITLE.get()) }
        div.card {
            (about(it))
            p.typed dir="auto" { (it.text) }
            (told(it))
        }
        p { a.button href="/stories" { (words::ALL.get()) } }
    }
}

fn about(it: &Told) -> Markup {
    html! {
        @if let Some(stage) = it.stage {
            p.tag { (words::STAGE.fill(&[("stage", stage_name(stage).get())])) }
        }
    }
}

/// Who says it, and since when.
fn told(it: &Told) -> Markup {
    let since = when::date(&rfc3339(it.published_at));
    let who = match &it.name {
        // Whatever the name holds, it does not turn the words beside it.
        Some(name) => words::BY.fill(&[("name", &format!("\u{2068}{name}\u{2069}"))]),
        None => words::BY_NOBODY.get().to_owned(),
    };
    html! {
        p { (who) }
        p.soft { (words::TOLD.fill(&[("date", &since)])) }
    }
}

fn nothing(heading: Text, under: Option<Text>) -> Markup {
    html! {
        h1 { (heading.get()) }
        @if let Some(under) = under { p { (under.get()) } }
        p { a.button href="/stories" { (words::ALL.get()) } }
    }
}

/// The page, in the organisation's own words. Nothing keeps it, and no search engine lists it: what is there cannot be
/// taken down from here.
async fn page(
    app: &App,
    status: StatusCode,
    main: impl FnOnce() -> Markup,
) -> Result<Response, Error> {
    let data = db::pages::public(&app.db.pool, &Route::Notice).await?;
    let drawn = document::own(&data).spoken(|| {
        let title = frame::PAGE_TITLE.fill(&[("page", words::TITLE.get())]);
        document::plain(&app.assets, &title, &main())
    });
    let headers = [
        (
            header::CONTENT_SECURITY_POLICY,
            document::shell_security_policy(),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (
            HeaderName::from_static("x-robots-tag"),
            HeaderValue::from_static("noindex, noarchive"),
        ),
    ];
    Ok((status, headers, Html(drawn.into_string())).into_response())
}
