//! The pictures: our own small drawings, always beside words, so hidden from screen readers.

use crate::{
    domain::check_in::Feeling,
    ui::el::{El, el},
};

macro_rules! svg {
    ($shapes:literal) => {
        concat!(
            "<svg viewBox=\"0 0 24 24\" width=\"24\" height=\"24\" focusable=\"false\">",
            $shapes,
            "</svg>"
        )
    };
}

pub(crate) const STAR: &str = svg!(
    "<path d=\"M12 2.6l2.8 6.1 6.6.7-4.9 4.5 1.4 6.6-5.9-3.4-5.9 3.4 1.4-6.6L2.6 9.4l6.6-.7z\" fill=\"var(--gold)\" stroke=\"none\"/>"
);
pub(crate) const HOME: &str = svg!("<path d=\"M4 11l8-7 8 7v9h-5v-6H9v6H4z\"/>");
pub(crate) const PEOPLE: &str = svg!(
    "<circle cx=\"9\" cy=\"8\" r=\"3.5\"/><path d=\"M2.5 20c0-4 3-6 6.5-6s6.5 2 6.5 6M16 4.8a3.5 3.5 0 0 1 0 6.4M18 14.5c2.2.8 3.5 2.7 3.5 5.5\"/>"
);
pub(crate) const PAGE: &str = svg!("<path d=\"M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6\"/>");
pub(crate) const TURN: &str =
    svg!("<path d=\"M4 10a8 8 0 0 1 14-4l2 2M20 4v4h-4M20 14a8 8 0 0 1-14 4l-2-2M4 20v-4h4\"/>");
pub(crate) const PHONE: &str = svg!(
    "<path d=\"M6 3h3l2 5-2.5 1.8a12 12 0 0 0 5.7 5.7L16 13l5 2v3a3 3 0 0 1-3 3A15 15 0 0 1 3 6a3 3 0 0 1 3-3z\"/>"
);
pub(crate) const SPEECH: &str = svg!("<path d=\"M4 4h16v12H9l-5 4z\"/>");
pub(crate) const TICK: &str = svg!("<path d=\"M5 12.5l4.5 4.5L19 7.5\"/>");
pub(crate) const NOTE: &str = svg!("<path d=\"M12 4l9 16H3zM12 10v4M12 17v.2\"/>");

const SUN: &str = svg!(
    "<circle cx=\"12\" cy=\"12\" r=\"4.5\" fill=\"var(--gold)\" stroke=\"none\"/><path stroke=\"var(--gold)\" d=\"M12 2v2.5M12 19.5V22M2 12h2.5M19.5 12H22M5 5l1.7 1.7M17.3 17.3L19 19M5 19l1.7-1.7M17.3 6.7L19 5\"/>"
);
const SUN_AND_CLOUD: &str = svg!(
    "<circle cx=\"16\" cy=\"8.5\" r=\"4.5\" fill=\"var(--gold)\" stroke=\"none\"/><path stroke=\"none\" fill=\"var(--cloud-light)\" d=\"M7 20a4.5 4.5 0 0 1-.5-9A6 6 0 0 1 18 12.5 3.8 3.8 0 0 1 17.5 20z\"/>"
);
const WAVE: &str = svg!(
    "<path stroke-width=\"2.2\" stroke=\"var(--teal)\" d=\"M2.5 13C5 3 8 5 9.5 12s3.5 8 5.5 1S19 5 21.5 11\"/>"
);
const CLOUD: &str = svg!(
    "<path stroke=\"none\" fill=\"var(--cloud)\" d=\"M7 19a5 5 0 0 1-.5-10A6.5 6.5 0 0 1 19 10.5 4.3 4.3 0 0 1 18 19z\"/>"
);
const RAIN: &str = svg!(
    "<path stroke=\"none\" fill=\"var(--cloud-dark)\" d=\"M7 15A4.5 4.5 0 0 1 6.5 6 6 6 0 0 1 18 7.5 3.8 3.8 0 0 1 17.5 15z\"/><path stroke=\"var(--cloud-dark)\" stroke-width=\"2\" d=\"M8 17.5l-1 3M12.5 17.5l-1 3M17 17.5l-1 3\"/>"
);
const DOTS: &str = svg!(
    "<g stroke=\"none\" fill=\"var(--soft)\"><circle cx=\"5.5\" cy=\"12\" r=\"1.8\"/><circle cx=\"12\" cy=\"12\" r=\"1.8\"/><circle cx=\"18.5\" cy=\"12\" r=\"1.8\"/></g>"
);

/// One picture.
pub(crate) fn icon(svg: &'static str) -> El {
    el("span")
        .class("icon")
        .attr("aria-hidden", "true")
        .html(svg)
}

/// A feeling as weather; none is "I'd rather not say".
pub(crate) fn weather(feeling: Option<Feeling>) -> El {
    icon(match feeling {
        Some(Feeling::Good) => SUN,
        Some(Feeling::Ok) => SUN_AND_CLOUD,
        Some(Feeling::UpAndDown) => WAVE,
        Some(Feeling::Hard) => CLOUD,
        Some(Feeling::VeryHard) => RAIN,
        None => DOTS,
    })
}
