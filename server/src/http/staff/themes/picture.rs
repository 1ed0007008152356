//! One line of the picture: a bar for each quarter with its number above it, drawn without script. It is as wide as the
//! narrowest phone, so that its letters are never smaller there than anywhere else.

use super::{Series, said};
use crate::http::staff::quarter::Quarter;
use app::lang::en::themes as words;
use maud::{Markup, html};

const WIDTH: i64 = 300;
const HEIGHT: i64 = 132;
/// Where bars stand.
const GROUND: i64 = 96;
/// The highest bar.
const HIGHEST: i64 = 72;

/// A panel: `most` is the number of the highest bar of all panels, which share one scale.
pub(super) fn panel(one: &Series, most: i64, quarters: &[Quarter]) -> Markup {
    let count = i64::try_from(quarters.len()).unwrap_or(1).max(1);
    let room = WIDTH / count;
    let bar = (room * 3 / 5).min(48);
    html! {
        figure.panel {
            figcaption { bdi { (one.name) } }
            svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(label(one, quarters)) {
                line.ground x1="0" y1=(GROUND) x2=(WIDTH) y2=(GROUND) {}
                @for (at, (number, quarter)) in (0_i64..).zip(one.numbers.iter().zip(quarters)) {
                    @let middle = at * room + room / 2;
                    @let height = number.map_or(0, |number| (number * HIGHEST / most.max(1)).max(2));
                    @let (nth, year) = quarter.say_short();
                    @if height > 0 {
                        rect.bar x=(middle - bar / 2) y=(GROUND - height) width=(bar) height=(height) {}
                    }
                    text.number x=(middle) y=(GROUND - height - 6) { (said(*number)) }
                    text x=(middle) y=(GROUND + 15) { (nth) }
                    text x=(middle) y=(GROUND + 30) { (year) }
                }
            }
        }
    }
}

/// The same in words, for those who do not see it.
fn label(one: &Series, quarters: &[Quarter]) -> String {
    let each = one.numbers.iter().zip(quarters).map(|(number, quarter)| {
        let number = number.map(|number| number.to_string());
        let number = number.as_deref().unwrap_or(words::FEW_SAID.get());
        words::IN_QUARTER.fill(&[("quarter", &quarter.say()), ("n", number)])
    });
    let each: Vec<String> = each.collect();
    format!("{}. {}.", one.name, each.join(", "))
}
