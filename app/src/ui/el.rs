//! Elements as data: the one type that every screen is made of.
//!
//! A phone on little data downloads this code, and `view!` compiles a new set of functions for each
//! shape of element. Here a screen is a tree of [`El`], drawn, patched and hydrated by one set of
//! functions, so a new screen costs little more than its words. Nothing here knows what is shown.
//!
//! What a person typed belongs to the page, not to the tree: no `value` is ever bound, so neither
//! hydration nor patching touches a field. Children are patched by position: a child that may be
//! absent keeps its place ([`El::when`]), and lists that grow stand in an element of their own.

use crate::lang::Text;
use leptos::{
    prelude::*,
    tachys::{
        html::attribute::{Attribute, any_attribute::AnyAttribute},
        hydration::Cursor,
        reactive_graph::RenderEffectState,
        renderer::{CastFrom, RemoveEventHandler, Rndr, types},
        view::{Mountable, Position, PositionState, add_attr::AddAnyAttr},
    },
    wasm_bindgen::JsCast,
    web_sys::Event,
};
use std::{borrow::Cow, cell::RefCell, rc::Rc};

/// Words or an attribute's value.
pub type Words = Cow<'static, str>;
/// What to do when something happens to an element.
pub type Handler = Box<dyn FnMut(Event) + Send>;
type LiveFn = Box<dyn FnMut() -> El + Send>;

/// One element with all that is in it. Boxed, because building a tree moves it from call to call, and
/// each move of a large value is code that a phone downloads.
pub struct El(Box<Parts>);

struct Parts {
    tag: &'static str,
    key: Words,
    attrs: Vec<(&'static str, Words)>,
    handlers: Vec<(&'static str, Handler)>,
    html: &'static str,
    children: Vec<Child>,
}

/// What can stand in an element.
pub enum Child {
    /// A place kept for something that is not there now.
    Nothing,
    /// Words.
    Words(Words),
    /// An element.
    El(El),
    /// An element that is made anew whenever a signal it read changes.
    Live(LiveFn),
}

/// A new element.
pub fn el(tag: &'static str) -> El {
    El(Box::new(Parts {
        tag,
        key: Words::Borrowed(""),
        attrs: Vec::new(),
        handlers: Vec::new(),
        html: "",
        children: Vec::new(),
    }))
}

/// An element that is made anew whenever a signal it read changes; the page is patched in place.
pub fn live(make: impl FnMut() -> El + Send + 'static) -> Child {
    Child::Live(Box::new(make))
}

impl El {
    /// Never patched into an element of another key: what was typed in one must not show in the other.
    pub fn key(mut self, key: impl Into<Words>) -> Self {
        self.0.key = key.into();
        self
    }

    /// Sets an attribute.
    pub fn attr(self, name: &'static str, value: impl Into<Words>) -> Self {
        self.set(name, value.into())
    }

    // The parts below that are never inlined keep each call on a screen to a few bytes.
    #[inline(never)]
    fn set(mut self, name: &'static str, value: Words) -> Self {
        self.0.attrs.push((name, value));
        self
    }

    #[inline(never)]
    fn push(mut self, child: Child) -> Self {
        self.0.children.push(child);
        self
    }

    #[inline(never)]
    fn listen(mut self, event: &'static str, handler: Handler) -> Self {
        self.0.handlers.push((event, handler));
        self
    }

    /// Sets an attribute that has no value, or leaves it out.
    pub fn flag(self, name: &'static str, on: bool) -> Self {
        if on { self.attr(name, "") } else { self }
    }

    /// Sets the classes, in place of those set before.
    pub fn class(mut self, names: &'static str) -> Self {
        self.0.attrs.retain(|(name, _)| *name != "class");
        self.attr("class", names)
    }

    /// Adds a child.
    pub fn with(self, child: impl Into<Child>) -> Self {
        self.push(child.into())
    }

    /// Adds a child, or keeps its place.
    pub fn when<C: Into<Child>>(self, child: Option<C>) -> Self {
        self.with(child.map_or(Child::Nothing, Into::into))
    }

    /// Adds many children.
    pub fn each(mut self, children: impl IntoIterator<Item = El>) -> Self {
        for child in children {
            self = self.push(Child::El(child));
        }
        self
    }

    /// Says what to do on an event.
    pub fn on(self, event: &'static str, handler: impl FnMut(Event) + Send + 'static) -> Self {
        self.listen(event, Box::new(handler))
    }

    /// Gives back what was typed in a form that the server did not take, by the fields' names.
    pub fn filled(mut self, typed: &[(String, String)]) -> Self {
        let own = |wanted: &str| self.0.attrs.iter().find(|(name, _)| *name == wanted);
        let own = |wanted: &str| own(wanted).map(|(_, value)| value.clone());
        let typed_here =
            own("name").and_then(|name| typed.iter().find(|(field, _)| *field == name));
        if let Some((_, words)) = typed_here {
            match own("type").as_deref() {
                Some("hidden") => {}
                Some("radio" | "checkbox") => {
                    let picked = own("value").is_some_and(|value| value == *words);
                    return self.flag("checked", picked);
                }
                Some(_) => return self.attr("value", words.clone()),
                None => return self.with(words.clone()),
            }
        }
        for child in &mut self.0.children {
            if let Child::El(inner) = child {
                let taken = std::mem::replace(inner, el(""));
                *inner = taken.filled(typed);
            }
        }
        self
    }

    /// Fills the element with markup of our own (icons). Constants only: nothing typed ever comes here.
    pub fn html(mut self, markup: &'static str) -> Self {
        self.0.html = markup;
        self
    }
}

impl From<El> for Child {
    fn from(el: El) -> Self {
        Self::El(el)
    }
}

impl From<Text> for Child {
    fn from(text: Text) -> Self {
        Self::Words(Words::Borrowed(text.get()))
    }
}

impl From<Text> for Words {
    fn from(text: Text) -> Self {
        Self::Borrowed(text.get())
    }
}

impl From<String> for Child {
    fn from(words: String) -> Self {
        Self::Words(Words::Owned(words))
    }
}

impl From<Words> for Child {
    fn from(words: Words) -> Self {
        Self::Words(words)
    }
}

/// What stands in the page for an [`El`].
pub struct ElState {
    node: types::Element,
    tag: &'static str,
    key: Words,
    attrs: Vec<(&'static str, Words)>,
    listeners: Vec<Listener>,
    html: &'static str,
    children: Vec<ChildState>,
}

struct Listener {
    event: &'static str,
    handler: Rc<RefCell<Handler>>,
    _until_dropped: RemoveEventHandler<types::Element>,
}

enum ChildState {
    Nothing(types::Placeholder),
    Words(<Words as Render>::State),
    El(ElState),
    Live(RenderEffectState<ElState>),
}

fn listen(node: &types::Element, event: &'static str, handler: Handler) -> Listener {
    let handler = Rc::new(RefCell::new(handler));
    let slot = Rc::clone(&handler);
    let call = Box::new(move |event: types::Event| {
        (slot.borrow_mut())(event.unchecked_into());
    });
    Listener {
        event,
        handler,
        _until_dropped: Rndr::add_event_listener(node, event, call),
    }
}

impl ElState {
    fn begin(El(el): El, node: types::Element, children: Vec<ChildState>) -> Self {
        Self {
            listeners: el
                .handlers
                .into_iter()
                .map(|(event, handler)| listen(&node, event, handler))
                .collect(),
            node,
            tag: el.tag,
            key: el.key,
            attrs: el.attrs,
            html: el.html,
            children,
        }
    }

    fn is_same_kind(&self, El(el): &El) -> bool {
        self.tag == el.tag
            && self.key == el.key
            && self.html == el.html
            && self.listeners.len() == el.handlers.len()
            && (self.listeners.iter().zip(&el.handlers)).all(|(old, new)| old.event == new.0)
    }

    fn patch_attrs(&mut self, attrs: Vec<(&'static str, Words)>) {
        for (name, _) in &self.attrs {
            if !attrs.iter().any(|(new, _)| new == name) {
                Rndr::remove_attribute(&self.node, name);
            }
        }
        for attr in &attrs {
            if !self.attrs.contains(attr) {
                Rndr::set_attribute(&self.node, attr.0, &attr.1);
            }
        }
        self.attrs = attrs;
    }

    fn patch_children(&mut self, children: Vec<Child>) {
        while self.children.len() > children.len() {
            if let Some(mut gone) = self.children.pop() {
                gone.unmount();
            }
        }
        for (place, child) in children.into_iter().enumerate() {
            match self.children.get_mut(place) {
                Some(state) => child.rebuild(state),
                None => {
                    let mut state = child.build();
                    state.mount(&self.node, None);
                    self.children.push(state);
                }
            }
        }
    }
}

/// Puts `new` where `old` stood.
fn replace<S: Mountable>(old: &mut S, mut new: S) {
    old.insert_before_this(&mut new);
    old.unmount();
    *old = new;
}

impl Render for El {
    type State = ElState;

    fn build(mut self) -> ElState {
        let node = Rndr::create_element(self.0.tag, None);
        for (name, value) in &self.0.attrs {
            Rndr::set_attribute(&node, name, value);
        }
        if !self.0.html.is_empty() {
            Rndr::set_inner_html(&node, self.0.html);
        }
        let children = std::mem::take(&mut self.0.children)
            .into_iter()
            .map(|child| {
                let mut state = child.build();
                state.mount(&node, None);
                state
            })
            .collect();
        ElState::begin(self, node, children)
    }

    fn rebuild(self, state: &mut ElState) {
        if state.is_same_kind(&self) {
            let El(parts) = self;
            state.patch_attrs(parts.attrs);
            for (listener, (_, handler)) in state.listeners.iter().zip(parts.handlers) {
                *listener.handler.borrow_mut() = handler;
            }
            state.patch_children(parts.children);
        } else {
            replace(state, self.build());
        }
    }
}

impl Child {
    fn build(self) -> ChildState {
        match self {
            Self::Nothing => ChildState::Nothing(Rndr::create_placeholder()),
            Self::Words(words) => ChildState::Words(words.build()),
            Self::El(el) => ChildState::El(el.build()),
            Self::Live(make) => ChildState::Live(make.build()),
        }
    }

    fn rebuild(self, state: &mut ChildState) {
        match (self, state) {
            (Self::Nothing, ChildState::Nothing(_)) => {}
            (Self::Words(words), ChildState::Words(state)) => words.rebuild(state),
            (Self::El(el), ChildState::El(state)) => el.rebuild(state),
            (Self::Live(make), ChildState::Live(state)) => make.rebuild(state),
            (child, state) => replace(state, child.build()),
        }
    }

    fn hydrate(self, cursor: &Cursor, position: &PositionState) -> ChildState {
        match self {
            Self::Nothing => ChildState::Nothing(cursor.next_placeholder(position)),
            Self::Words(words) => ChildState::Words(words.hydrate::<true>(cursor, position)),
            Self::El(el) => ChildState::El(el.hydrate::<true>(cursor, position)),
            Self::Live(make) => ChildState::Live(make.hydrate::<true>(cursor, position)),
        }
    }

    fn write_html(self, html: &mut String, position: &mut Position) {
        match self {
            Self::Nothing => {
                html.push_str("<!>");
                *position = Position::NextChild;
            }
            Self::Words(words) => words.to_html_with_buf(html, position, true, false, vec![]),
            Self::El(el) => el.to_html_with_buf(html, position, true, false, vec![]),
            Self::Live(mut make) => make().to_html_with_buf(html, position, true, false, vec![]),
        }
    }
}

impl Mountable for ElState {
    fn unmount(&mut self) {
        self.node.unmount();
    }

    fn mount(&mut self, parent: &types::Element, marker: Option<&types::Node>) {
        Rndr::insert_node(parent, &self.node, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.node.insert_before_this(child)
    }

    fn elements(&self) -> Vec<types::Element> {
        vec![self.node.clone()]
    }
}

impl ChildState {
    fn inner(&self) -> &dyn Mountable {
        match self {
            Self::Nothing(state) => state,
            Self::Words(state) => state,
            Self::El(state) => state,
            Self::Live(state) => state,
        }
    }

    fn inner_mut(&mut self) -> &mut dyn Mountable {
        match self {
            Self::Nothing(state) => state,
            Self::Words(state) => state,
            Self::El(state) => state,
            Self::Live(state) => state,
        }
    }
}

impl Mountable for ChildState {
    fn unmount(&mut self) {
        self.inner_mut().unmount();
    }

    fn mount(&mut self, parent: &types::Element, marker: Option<&types::Node>) {
        self.inner_mut().mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.inner().insert_before_this(child)
    }

    fn elements(&self) -> Vec<types::Element> {
        self.inner().elements()
    }
}

impl AddAnyAttr for El {
    type Output<New: Attribute> = Self;

    /// Attributes are given by [`El::attr`] alone.
    fn add_any_attr<New: Attribute>(self, _attr: New) -> Self {
        self
    }
}

impl RenderHtml for El {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        html: &mut String,
        position: &mut Position,
        _escape: bool,
        _mark_branches: bool,
        _extra_attrs: Vec<AnyAttribute>,
    ) {
        html.push('<');
        let El(parts) = self;
        html.push_str(parts.tag);
        for (name, value) in &parts.attrs {
            html.push(' ');
            html.push_str(name);
            html.push_str("=\"");
            html.push_str(&value.replace('&', "&amp;").replace('"', "&quot;"));
            html.push('"');
        }
        html.push('>');
        html.push_str(parts.html);
        *position = Position::FirstChild;
        for child in parts.children {
            child.write_html(html, position);
        }
        if parts.tag != "input" {
            html.push_str("</");
            html.push_str(parts.tag);
            html.push('>');
        }
        *position = Position::NextChild;
    }

    fn hydrate<const FROM_SERVER: bool>(
        mut self,
        cursor: &Cursor,
        position: &PositionState,
    ) -> ElState {
        if position.get() == Position::FirstChild {
            cursor.child();
        } else {
            cursor.sibling();
        }
        let node = types::Element::cast_from(cursor.current())
            .expect("the server drew the same tree from the same page data");
        position.set(Position::FirstChild);
        let children = std::mem::take(&mut self.0.children)
            .into_iter()
            .map(|child| child.hydrate(cursor, position))
            .collect();
        cursor.set(node.clone().unchecked_into());
        position.set(Position::NextChild);
        ElState::begin(self, node, children)
    }

    fn into_owned(self) -> Self {
        self
    }
}
