//! Authority is a type: an operation that takes a [`Moderator`] cannot be called by anybody else, and every query
//! of that operation begins with the communities in which the role is held.
//!
//! The only way to get one is from a request (`http/extract.rs`) or, for the same checks, [`seats_of`].

use std::marker::PhantomData;

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::entity::{community, membership};
use super::roles::{Audience, Role, Roles, SpeakerClass};
use crate::audit::Actor;
use crate::identity::SignedIn;

/// A signed-in person who may create communities on this server.
pub struct ServerAdministrator {
    /// The person and session.
    pub who: SignedIn,
}

impl ServerAdministrator {
    /// The authority of this person, if they have it.
    pub fn of(who: SignedIn) -> Option<Self> {
        who.administrator.then_some(Self { who })
    }

    /// Who acts, for the record.
    pub fn actor(&self) -> Actor {
        self.who.actor("server_administrator")
    }
}

/// A person's place in one community.
#[derive(Debug, Clone)]
pub struct Seat {
    /// The community.
    pub community_id: Uuid,
    /// Its name in addresses.
    pub slug: String,
    /// Its printed name.
    pub community_name: String,
    /// Who reads there.
    pub audience: Audience,
    /// What the person may do there.
    pub roles: Roles,
    /// As whom the person speaks there.
    pub speaker: SpeakerClass,
    /// The alliance partner that employs the person.
    pub organisation: Option<String>,
    /// The membership, which ends when the seat does.
    pub membership_id: Uuid,
    /// The number of the community's policy in force.
    pub policy: i64,
}

impl Seat {
    /// The compartment of partners: what people of one organisation wrote, reviewers of another do not see before it is
    /// released. Whoever is no partner is in none. Partners whose organisation nobody named are in one of their own.
    pub fn compartment(&self) -> Option<&str> {
        (self.speaker == SpeakerClass::Partner)
            .then_some(self.organisation.as_deref().unwrap_or_default())
    }
}

/// The seats of a person, by the name of the community.
pub async fn seats_of(on: &impl ConnectionTrait, account: Uuid) -> Result<Vec<Seat>, DbErr> {
    let rows = membership::Entity::find()
        .filter(membership::Column::AccountId.eq(account))
        .filter(membership::Column::EndedAt.is_null())
        .order_by_asc(membership::Column::Id)
        .all(on)
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let communities = community::Entity::find()
        .filter(community::Column::Id.is_in(rows.iter().map(|row| row.community_id)))
        .order_by_asc(community::Column::Name)
        .all(on)
        .await?;
    let seat = |place: community::Model| {
        let row = rows.iter().find(|row| row.community_id == place.id)?;
        Some(Seat {
            community_id: place.id,
            slug: place.slug,
            community_name: place.name,
            audience: Audience::from_word(&place.audience)?,
            roles: Roles::from_stored(&row.roles),
            speaker: SpeakerClass::from_word(&row.speaker)?,
            organisation: row.organisation.clone(),
            membership_id: row.id,
            policy: place.policy_version,
        })
    };
    Ok(communities.into_iter().filter_map(seat).collect())
}

/// Which roles an [`Authority`] stands for. Implemented by the markers of this module alone.
pub trait Standing: Send + Sync + 'static {
    /// Any one of these roles suffices; the first that is held is the role in which the person acts.
    const ROLES: &'static [Role];
}

/// A signed-in person with at least one community in which the standing is held.
pub struct Authority<S: Standing> {
    /// The person and session.
    pub who: SignedIn,
    seats: Vec<Seat>,
    standing: PhantomData<S>,
}

impl<S: Standing> Authority<S> {
    /// The authority of this person, if there is a community where they have it.
    pub fn of(who: SignedIn, seats: Vec<Seat>) -> Option<Self> {
        let seats: Vec<Seat> = seats
            .into_iter()
            .filter(|seat| seat.roles.first_of(S::ROLES).is_some())
            .collect();
        (!seats.is_empty()).then_some(Self {
            who,
            seats,
            standing: PhantomData,
        })
    }

    /// The communities in which it holds: the first filter of every query.
    pub fn communities(&self) -> Vec<Uuid> {
        self.seats.iter().map(|seat| seat.community_id).collect()
    }

    /// The seats in which it holds.
    pub fn seats(&self) -> &[Seat] {
        &self.seats
    }

    /// The seat in this community, if it holds there.
    pub fn seat(&self, community: Uuid) -> Option<&Seat> {
        self.seats
            .iter()
            .find(|seat| seat.community_id == community)
    }

    /// The seat in the community of this address name, if it holds there.
    pub fn seat_at(&self, slug: &str) -> Option<&Seat> {
        self.seats.iter().find(|seat| seat.slug == slug)
    }

    /// Who acts, for the record, in the role they hold in that community.
    pub fn actor(&self, community: Uuid) -> Actor {
        let role = self
            .seat(community)
            .or_else(|| self.seats.first())
            .and_then(|seat| seat.roles.first_of(S::ROLES))
            .map_or("member", Role::word);
        self.who.actor(role)
    }
}

macro_rules! standing {
    ($(#[$doc:meta])* $marker:ident, $name:ident, [$($role:ident),+]) => {
        #[doc = concat!("Marks [`", stringify!($name), "`].")]
        pub struct $marker;

        impl Standing for $marker {
            const ROLES: &'static [Role] = &[$(Role::$role),+];
        }

        $(#[$doc])*
        pub type $name = Authority<$marker>;
    };
}

standing!(
    /// Reads what is released in its communities: every role may.
    Reading, Reader,
    [Member, Moderator, Lead, SafetyOfficer, MedicalReviewer, MlrApprover, Administrator, Inspector]
);
standing!(
    /// Writes in its communities: every role but the inspector's alone.
    Writing, Member,
    [Member, Moderator, Lead, SafetyOfficer, MedicalReviewer, MlrApprover, Administrator]
);
standing!(
    /// Sits at the review desk and decides.
    Reviewing, Moderator,
    [Moderator, Lead, MedicalReviewer, MlrApprover]
);
standing!(
    /// Asks or answers questions about a text before somebody decides on it.
    Advising, Adviser,
    [Moderator, Lead, SafetyOfficer, MedicalReviewer, MlrApprover]
);
standing!(
    /// Reads the safety cases.
    Safeguarding, SafetyOfficer,
    [SafetyOfficer, MedicalReviewer]
);
standing!(
    /// Reads the audit log and takes exports.
    Inspecting, Inspector,
    [Inspector]
);
standing!(
    /// Keeps members, invitations, products and the description.
    Administering, Administrator,
    [Administrator]
);
standing!(
    /// Reads how a community is run: everybody but members without a further role.
    Serving, Staff,
    [Administrator, Lead, Moderator, SafetyOfficer, MedicalReviewer, MlrApprover, Inspector]
);
standing!(
    /// Looks at how the desk decides.
    Supervising, Supervisor,
    [Lead, Administrator, Inspector]
);
standing!(
    /// Says of decided texts what is right to decide on them.
    Examining, Examiner,
    [Lead, Administrator]
);
standing!(
    /// Learns which findings of rules the desk overturned, to mend the rules.
    Owning, RuleOwner,
    [Lead, SafetyOfficer, MedicalReviewer, MlrApprover, Administrator, Inspector]
);
standing!(
    /// Decides on a change of policy as the second person.
    Approving, Approver,
    [Administrator, MlrApprover]
);
