//! The member screens: one route a file in `pages`, small parts in `parts`, and `local`, the line to the phone.

pub mod local;

use leptos::prelude::*;
use local::Local;

/// The whole app: everything inside `<body>`. `path` is where it starts ("/take-part"); the browser's
/// own navigation changes it later. Expects [`Local`] in context.
#[component]
pub fn App(
    /// The path without the query.
    path: String,
) -> impl IntoView {
    let _local = expect_context::<Local>();
    view! { <main><h1>{crate::lang::en::TODAY_HELLO.get()}</h1><p>{path}</p></main> }
}
