//! Everyday English words that are one or two letters away from words of this field, and are no typing error.

/// Words in lower case, separated by gaps.
pub(super) const EVERYDAY: &str = "
meditation mediation meditations medallion dedication infraction infractions inflection inflected inflation redaction
breeding bleating blending swilling smelling spelling swearing sweeping tinkling tangling camping clamping cramming
crimping singing swinging stringing contusion emergence emergent overdone overdue proscription proscribed stitched
snitched competed compete competing competes patents decrease decreased decreases decreasing slickness
";
