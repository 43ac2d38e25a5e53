//! Which products a text is about: named in it, or clear from thread, title or community (R-PV-14, R-PV-16).

use std::cell::OnceCell;

use serde::{Deserialize, Serialize};

use crate::context::{Context, Product, ProductStatus};
use crate::indication::covers;
use crate::matching::Hit;
use crate::matching::condition::{Label, ProductName};
use crate::matching::quantity::{self, Quantity};
use crate::matching::unit::Kind;
use crate::rule::{ProductNeed, Scope};
use crate::submission::Submission;
use crate::text::Text;

/// Where something was learned that the text itself does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Inference {
    /// From the thread: its product, or the post that is answered.
    Thread,
    /// From the title of the thread.
    Title,
    /// From the community, which is about one product.
    Community,
    /// From the verified account of the author.
    Account,
}

/// A product that a text is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ProductInPlay {
    /// Its name.
    pub name: String,
    /// Where that was learned; nothing where the text itself names it.
    pub inferred_from: Option<Inference>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum NameKind {
    Brand,
    Established,
}

struct Mention {
    product: usize,
    kind: NameKind,
    hit: Hit,
}

/// The products of a context as one text speaks of them.
pub(crate) struct Mentions<'a> {
    products: &'a [Product],
    mentions: Vec<Mention>,
    /// Products whose established name is in the text.
    established: Vec<usize>,
    /// The labelled indications of the products in play, made ready when first asked for.
    indications: OnceCell<Vec<Text>>,
    /// Products the text is about, whether it names them or not.
    in_play: Vec<usize>,
    /// How the product is known when the text does not name one.
    pub inferred: Option<(Inference, &'a str)>,
}

impl<'a> Mentions<'a> {
    pub(crate) fn read(text: &Text, context: &'a Context) -> Self {
        let mentions = mentions(text, &context.products);
        let mut in_play: Vec<usize> = mentions.iter().map(|m| m.product).collect();
        let mut inferred = None;
        if in_play.is_empty() {
            let (found, how) = infer(context);
            if let Some(how) = how {
                let name = found
                    .first()
                    .and_then(|i| context.products.get(*i))
                    .map(|p| p.name.as_str())
                    .or(context.thread_product.as_deref());
                inferred = name.map(|name| (how, name));
            }
            in_play = found;
        }
        in_play.sort_unstable();
        in_play.dedup();
        let mut established: Vec<usize> = mentions
            .iter()
            .filter(|m| m.kind == NameKind::Established)
            .map(|m| m.product)
            .collect();
        established.sort_unstable();
        established.dedup();
        Self {
            products: &context.products,
            mentions,
            established,
            indications: OnceCell::new(),
            in_play,
            inferred,
        }
    }

    /// The first product named in the text itself.
    pub(crate) fn first(&self) -> Option<Hit> {
        self.mentions.first().map(|m| m.hit)
    }

    /// Whether the product part of a scope is met.
    pub(crate) fn admits(&self, scope: &Scope) -> bool {
        let need = match scope.product {
            ProductNeed::None => true,
            ProductNeed::InPlay => !self.in_play.is_empty() || self.inferred.is_some(),
            ProductNeed::Named => !self.mentions.is_empty(),
        };
        need && (scope.product_statuses.is_empty()
            || self
                .in_play()
                .any(|p| scope.product_statuses.contains(&p.status)))
    }

    pub(crate) fn named(&self, name: ProductName) -> Vec<Hit> {
        self.mentions
            .iter()
            .filter(|m| match name {
                ProductName::Any => true,
                ProductName::Brand => m.kind == NameKind::Brand,
                ProductName::BrandAlone => m.kind == NameKind::Brand && self.alone(m.product),
            })
            .map(|m| m.hit)
            .collect()
    }

    /// Whether a product in play has this standing.
    pub(crate) fn any_is(&self, status: ProductStatus) -> bool {
        self.in_play().any(|product| product.status == status)
    }

    /// The products the text is about, for people to see.
    pub(crate) fn told(&self) -> Vec<ProductInPlay> {
        let inferred_from = self.inferred.map(|(how, _)| how);
        let told = |name: &str| ProductInPlay {
            name: name.to_owned(),
            inferred_from,
        };
        let mut known: Vec<_> = self.in_play().map(|product| told(&product.name)).collect();
        if let (true, Some((_, name))) = (known.is_empty(), self.inferred) {
            known.push(told(name));
        }
        known
    }

    fn in_play(&self) -> impl Iterator<Item = &'a Product> {
        self.in_play.iter().filter_map(|i| self.products.get(*i))
    }

    /// The product has an established name, and the text does not give it. Investigational code names have none.
    fn alone(&self, product: usize) -> bool {
        let named = self.products.get(product).is_some_and(|p| {
            p.established_name.is_some() && p.status != ProductStatus::Investigational
        });
        named && !self.established.contains(&product)
    }

    /// The labelled indications of the products in play, where they are known.
    fn indications(&self) -> &[Text] {
        self.indications.get_or_init(|| {
            let labels = self
                .in_play()
                .flat_map(|p| std::iter::once(&p.indication).chain(&p.indications));
            let known = labels.filter(|label| !label.is_empty());
            known.map(|label| plain(label)).collect()
        })
    }

    /// Whether the words of a hit name the illness that a product in play is labelled for.
    pub(crate) fn treats(&self, text: &Text, hit: &Hit) -> bool {
        let lower = &text.folded.lower;
        let words = lower.get(hit.start as usize..hit.end as usize);
        words.is_some_and(|words| {
            let long = words
                .split(|b| !b.is_ascii_alphanumeric())
                .any(|w| w.len() > 3);
            long && self.indications().iter().any(|label| covers(label, words))
        })
    }

    /// How the words of a hit stand to the labels of the products in play; unknown labels say nothing.
    pub(crate) fn label(&self, text: &Text, hit: &Hit, label: Label) -> bool {
        let lower = &text.folded.lower;
        let words = lower.get(hit.start as usize..hit.end as usize);
        let words = words.unwrap_or_default();
        match label {
            Label::NotAProduct => {
                let next = self.mentions.partition_point(|m| m.hit.end <= hit.start);
                self.mentions
                    .get(next)
                    .is_none_or(|m| m.hit.start >= hit.end)
            }
            Label::OutsideIndication => {
                let indications = self.indications();
                !indications.is_empty() && !indications.iter().any(|label| covers(label, words))
            }
            Label::BelowLabelledAge => {
                // Words such as "toddler" have no number: they mean someone under 12.
                let age = age(words).unwrap_or(11.0);
                let least =
                    |p: &Product| p.min_age_years.is_some_and(|least| age < f64::from(least));
                self.in_play().any(least)
            }
            Label::AboveLabelledAge => age(words).is_some_and(|age| {
                let most = |p: &Product| {
                    p.max_age_years
                        .is_some_and(|most| age >= f64::from(most) + 1.0)
                };
                self.in_play().any(most)
            }),
            Label::OutsideDose => dose(words).is_some_and(|told| {
                let above = |limit: &str| dose(limit.as_bytes()).is_some_and(|l| told.exceeds(&l));
                let below = |limit: &str| dose(limit.as_bytes()).is_some_and(|l| l.exceeds(&told));
                self.in_play().any(|p| {
                    p.max_dose.as_deref().is_some_and(above)
                        || p.min_dose.as_deref().is_some_and(below)
                })
            }),
            Label::OutsideRoute => {
                let routes: Vec<Text> = self
                    .in_play()
                    .flat_map(|p| &p.routes)
                    .map(|route| plain(route))
                    .collect();
                !routes.is_empty() && !routes.iter().any(|route| covers(route, words))
            }
        }
    }
}

/// The first age in these folded words, in years.
fn age(words: &[u8]) -> Option<f64> {
    let age = quantities(words)
        .into_iter()
        .find(|q| q.unit.kind == Kind::Age);
    age.map(|age| age.high)
}

/// The first dose in these words.
pub(crate) fn dose(words: &[u8]) -> Option<Quantity> {
    let mut quantities = quantities(words).into_iter();
    quantities.find(|q| q.unit.kind == Kind::Dose)
}

fn quantities(words: &[u8]) -> Vec<Quantity> {
    let text = std::str::from_utf8(words).map(plain);
    text.map_or_else(|_| Vec::new(), |text| quantity::read(&text))
}

fn plain(body: &str) -> Text {
    Text::read(&Submission { title: None, body })
}

fn mentions(text: &Text, products: &[Product]) -> Vec<Mention> {
    let mut found = Vec::new();
    for (index, product) in products.iter().enumerate() {
        let brands = std::iter::once(product.name.as_str())
            .chain(product.aliases.iter().map(String::as_str))
            .map(|name| (name, NameKind::Brand));
        let established = product
            .established_name
            .as_deref()
            .map(|name| (name, NameKind::Established));
        for (name, kind) in brands.chain(established) {
            found.extend(places(text, name).into_iter().map(|hit| Mention {
                product: index,
                kind,
                hit,
            }));
        }
    }
    found.sort_by_key(|m| (m.hit.start, m.product));
    found
}

/// Where a name stands in a text, word for word.
fn places(text: &Text, name: &str) -> Vec<Hit> {
    let name = plain(name);
    let Some((head, tail)) = name.tokens.split_first() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (first, token) in text.tokens.iter().enumerate() {
        if token.hash != head.hash {
            continue;
        }
        let following = text.tokens.iter().skip(first + 1);
        if tail.len() > following.len()
            || !tail.iter().zip(following).all(|(a, b)| a.hash == b.hash)
        {
            continue;
        }
        let last = first + tail.len();
        found.push(Hit {
            start: token.start,
            end: text.tokens.get(last).map_or(token.end, |t| t.end),
            first: first as u32,
            last: last as u32,
            sentence: token.sentence,
        });
    }
    found
}

fn infer(context: &Context) -> (Vec<usize>, Option<Inference>) {
    let in_text = |text: Option<&str>| -> Vec<usize> {
        let Some(body) = text.filter(|t| !t.is_empty()) else {
            return Vec::new();
        };
        mentions(&plain(body), &context.products)
            .into_iter()
            .map(|m| m.product)
            .collect()
    };
    if let Some(name) = context.thread_product.as_deref().filter(|n| !n.is_empty()) {
        return (in_text(Some(name)), Some(Inference::Thread));
    }
    let answered = in_text(context.parent_body.as_deref());
    if !answered.is_empty() {
        return (answered, Some(Inference::Thread));
    }
    let titled = in_text(context.thread_title.as_deref());
    if !titled.is_empty() {
        return (titled, Some(Inference::Title));
    }
    if context.products.len() == 1 {
        return (vec![0], Some(Inference::Community));
    }
    (Vec::new(), None)
}
