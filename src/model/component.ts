/** What users of a journey can wait for, from the user inwards; values of the label `component`. */
export const components = ["client", "network", "edge", "service", "database", "canister"] as const;
export type Component = (typeof components)[number];

/** Components whose time a service with journeys tells, each with the name of the service that is watched for it. */
export type ListedComponents = Readonly<Partial<Record<Component, string>>>;
