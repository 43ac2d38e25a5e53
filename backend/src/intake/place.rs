//! Finds the place that a draft names, within what its author may write to, and the context the rules need.

use moderation_rules::{Context, Product as RuleProduct};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::draft::Target;
use super::refusal::SubmitError;
use super::submit::Intake;
use crate::communities::authority::{Member, Seat};
use crate::communities::roles::{Audience, ProductStatus, Role, SpeakerClass};
use crate::communities::{Known, Product};
use crate::posts::{Post, Surface, Thread, store as posts};

/// Where a text will stand.
pub struct Place<'a> {
    /// The author's seat there.
    pub seat: &'a Seat,
    /// The post, new or standing.
    pub post: Post,
    /// As what.
    pub surface: Surface,
    /// The thread to be made.
    pub new_thread: Option<Thread>,
    /// Whether the post has to be made.
    pub new_post: bool,
    /// The number of the revision.
    pub number: i64,
    /// The title that stands there, which an edit may leave as it is.
    pub title: Option<String>,
    /// The product that its thread is about.
    pub product: Option<Uuid>,
    /// What the rules must know.
    pub context: Context,
}

/// The place, or not found: what one may not write to answers as if it did not exist. The rules read the text as of today.
pub async fn find<'a>(
    intake: &Intake,
    member: &'a Member,
    target: &Target,
) -> Result<Place<'a>, SubmitError> {
    let mut place = named(intake, member, target).await?;
    place.context.date = Some(intake.audit.clock().now().day());
    Ok(place)
}

async fn named<'a>(
    intake: &Intake,
    member: &'a Member,
    target: &Target,
) -> Result<Place<'a>, SubmitError> {
    let (known, clock) = (&intake.known, intake.audit.clock());
    let on = intake.audit.db().read();
    let author = member.who.account_id;
    let seat_at = |slug: &str| member.seat_at(slug).ok_or(SubmitError::NotFound);
    let new_post = |seat: &Seat, surface: Surface| Post {
        id: clock.new_id(),
        community_id: seat.community_id,
        thread_id: None,
        parent_id: None,
        depth: 0,
        surface: surface.word().to_owned(),
        author_id: author,
        created_at: clock.now().micros(),
    };
    match target {
        Target::NewThread { community, product } => {
            let seat = seat_at(community)?;
            let products = known.products(seat.community_id).await?;
            if let Some(product) = product
                && products.iter().all(|other| other.id != *product)
            {
                let message = "choose one of the products of the community".to_owned();
                return Err(SubmitError::Invalid(vec![("product_id", message)]));
            }
            let mut post = new_post(seat, Surface::Thread);
            post.thread_id = Some(post.id);
            let thread = Thread {
                id: post.id,
                community_id: seat.community_id,
                product_id: *product,
                started_by: author,
                created_at: post.created_at,
            };
            let context = context(seat, Surface::Thread, products, *product, None, None);
            Ok(Place {
                seat,
                post,
                surface: Surface::Thread,
                new_thread: Some(thread),
                new_post: true,
                number: 1,
                title: None,
                product: *product,
                context,
            })
        }
        Target::Reply { thread, parent } => {
            let around = around(intake, member, *thread, *parent).await?;
            let mut post = new_post(around.seat, Surface::Reply);
            post.thread_id = Some(*thread);
            post.parent_id = *parent;
            post.depth = around.depth + 1;
            let deepest = intake.limits.reply_depth;
            if post.depth > deepest {
                return Err(SubmitError::TooDeep(deepest));
            }
            Ok(Place {
                seat: around.seat,
                post,
                surface: Surface::Reply,
                new_thread: None,
                new_post: true,
                number: 1,
                title: None,
                product: around.product,
                context: around.context,
            })
        }
        Target::Revision { post } => {
            let post = posts::post(on, &member.communities(), *post)
                .await?
                .filter(|post| post.author_id == author)
                .ok_or(SubmitError::NotFound)?;
            let surface = Surface::from_word(&post.surface)
                .filter(|surface| !surface.is_to_staff())
                .ok_or(SubmitError::NotFound)?;
            let seat = member
                .seat(post.community_id)
                .ok_or(SubmitError::NotFound)?;
            let (product, context) = match (surface, post.thread_id) {
                (Surface::Reply, Some(thread)) => {
                    let around = around(intake, member, thread, post.parent_id).await?;
                    (around.product, around.context)
                }
                (Surface::Thread, Some(thread)) => {
                    let products = known.products(seat.community_id).await?;
                    let product = posts::thread(on, &[seat.community_id], thread)
                        .await?
                        .and_then(|thread| thread.product_id);
                    let context = context(seat, surface, products, product, None, None);
                    (product, context)
                }
                _ => (None, plain_context(known, seat, surface).await?),
            };
            let place = standing(on, seat, post, surface, context).await?;
            Ok(Place { product, ..place })
        }
        Target::ProfileLine { community } => {
            let seat = seat_at(community)?;
            let context = plain_context(known, seat, Surface::ProfileLine).await?;
            let post =
                posts::only_post(on, seat.community_id, Surface::ProfileLine, Some(author)).await?;
            match post {
                Some(post) => standing(on, seat, post, Surface::ProfileLine, context).await,
                None => Ok(fresh(
                    seat,
                    new_post(seat, Surface::ProfileLine),
                    Surface::ProfileLine,
                    context,
                )),
            }
        }
        Target::Description { community } => {
            let seat = seat_at(community)?;
            if !seat.roles.has(Role::Administrator) {
                return Err(SubmitError::NotFound);
            }
            let surface = Surface::CommunityDescription;
            let context = plain_context(known, seat, surface).await?;
            match posts::only_post(on, seat.community_id, surface, None).await? {
                Some(post) => standing(on, seat, post, surface, context).await,
                None => Ok(fresh(seat, new_post(seat, surface), surface, context)),
            }
        }
    }
}

fn fresh(seat: &Seat, post: Post, surface: Surface, context: Context) -> Place<'_> {
    Place {
        seat,
        post,
        surface,
        new_thread: None,
        new_post: true,
        number: 1,
        title: None,
        product: None,
        context,
    }
}

async fn standing<'a>(
    on: &impl ConnectionTrait,
    seat: &'a Seat,
    post: Post,
    surface: Surface,
    context: Context,
) -> Result<Place<'a>, SubmitError> {
    let newest = posts::newest_revision(on, post.id)
        .await?
        .ok_or(SubmitError::NotFound)?;
    Ok(Place {
        seat,
        post,
        surface,
        new_thread: None,
        new_post: false,
        number: newest.number + 1,
        title: newest.title,
        product: None,
        context,
    })
}

struct Around<'a> {
    seat: &'a Seat,
    depth: i64,
    product: Option<Uuid>,
    context: Context,
}

/// A released thread and the released post in it that is answered.
async fn around<'a>(
    intake: &Intake,
    member: &'a Member,
    thread: Uuid,
    parent: Option<Uuid>,
) -> Result<Around<'a>, SubmitError> {
    let answered = parent.unwrap_or(thread);
    // The first post of a thread has the identifier of the thread.
    let places = [thread, answered];
    let communities = member.communities();
    let mut texts = intake.released.of(&communities, thread, &places).await?;
    let mut text = |post: Uuid| {
        let at = texts.iter().position(|text| text.post_id == post)?;
        Some(texts.swap_remove(at))
    };
    let mut first = text(thread).ok_or(SubmitError::NotFound)?;
    let (product, title) = (first.product_id, first.title.take());
    let answered = match text(answered) {
        Some(other) => other,
        None if answered == thread => first,
        None => return Err(SubmitError::NotFound),
    };
    let seat = member
        .seat(answered.community_id)
        .ok_or(SubmitError::NotFound)?;
    let products = intake.known.products(seat.community_id).await?;
    let context = context(
        seat,
        Surface::Reply,
        products,
        product,
        title,
        Some(answered.body),
    );
    Ok(Around {
        seat,
        depth: answered.depth,
        product,
        context,
    })
}

/// The context of what a member says of a post, released or not.
pub async fn context_at(
    intake: &Intake,
    member: &Member,
    post: &Post,
) -> Result<Context, SubmitError> {
    let seat = member
        .seat(post.community_id)
        .ok_or(SubmitError::NotFound)?;
    let mut found = None;
    if let Some(thread) = post.thread_id {
        for answered in [Some(post.id), post.parent_id, None] {
            match around(intake, member, thread, answered).await {
                Ok(around) => {
                    found = Some(around.context);
                    break;
                }
                Err(SubmitError::NotFound) => {}
                Err(cause) => return Err(cause),
            }
        }
    }
    let mut context = match found {
        Some(context) => context,
        None => plain_context(&intake.known, seat, Surface::Reply).await?,
    };
    context.date = Some(intake.audit.clock().now().day());
    Ok(context)
}

/// The context of what the company says to the readers of a community.
pub async fn company_context(known: &Known, seat: &Seat) -> Result<Context, DbErr> {
    let mut context = plain_context(known, seat, Surface::Reply).await?;
    context.speaker = moderation_rules::Speaker::Company;
    Ok(context)
}

async fn plain_context(known: &Known, seat: &Seat, surface: Surface) -> Result<Context, DbErr> {
    Ok(context(
        seat,
        surface,
        known.products(seat.community_id).await?,
        None,
        None,
        None,
    ))
}

fn context(
    seat: &Seat,
    surface: Surface,
    products: Vec<Product>,
    product: Option<Uuid>,
    thread_title: Option<String>,
    parent_body: Option<String>,
) -> Context {
    let thread_product = products
        .iter()
        .find(|known| Some(known.id) == product)
        .map(|known| known.name.clone());
    Context {
        surface: match surface {
            Surface::Thread => moderation_rules::Surface::Thread,
            Surface::Reply | Surface::Report | Surface::Appeal => moderation_rules::Surface::Reply,
            Surface::ProfileLine => moderation_rules::Surface::ProfileLine,
            Surface::CommunityDescription => moderation_rules::Surface::CommunityDescription,
        },
        speaker: match seat.speaker {
            SpeakerClass::Company => moderation_rules::Speaker::Company,
            SpeakerClass::Agent => moderation_rules::Speaker::Agent,
            SpeakerClass::Professional => moderation_rules::Speaker::Professional,
            SpeakerClass::Patient => moderation_rules::Speaker::Patient,
            SpeakerClass::Partner => moderation_rules::Speaker::Partner,
        },
        audience: match seat.audience {
            Audience::Professionals => moderation_rules::Audience::Professionals,
            Audience::Patients => moderation_rules::Audience::Patients,
            Audience::Partners => moderation_rules::Audience::Partners,
        },
        products: products.into_iter().map(rule_product).collect(),
        thread_product,
        thread_title,
        parent_body,
        ..Context::default()
    }
}

fn rule_product(product: Product) -> RuleProduct {
    RuleProduct {
        name: product.name,
        established_name: product.established_name,
        status: match product.status {
            ProductStatus::Approved => moderation_rules::ProductStatus::Approved,
            ProductStatus::ApprovedBoxedWarning => {
                moderation_rules::ProductStatus::ApprovedBoxedWarning
            }
            ProductStatus::ApprovedDevice => moderation_rules::ProductStatus::ApprovedDevice,
            ProductStatus::Investigational => moderation_rules::ProductStatus::Investigational,
        },
        indication: product.indication,
        boxed_warning: product.boxed_warning,
        aliases: product.aliases,
        min_age_years: product
            .min_age_years
            .and_then(|age| u32::try_from(age).ok()),
        ..RuleProduct::default()
    }
}
