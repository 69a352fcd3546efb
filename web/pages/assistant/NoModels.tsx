import { listProviders } from "../../../modules/assistant/contract.ts";
import { may, type Organization } from "../../lib/organization.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { ButtonLink } from "../../ui/links.tsx";

/** What there is to do before a model can be asked, by whom. */
export function NoModels({ organization, purpose }: { organization: Organization; purpose: string }) {
  if (!may(organization, listProviders))
    return (
      <EmptyState title="No model is connected">
        An administrator of {organization.name} has to connect a provider first, under Assistant, Providers and tools.
      </EmptyState>
    );
  return (
    <EmptyState title="No model is connected" action={<ProvidersLink organization={organization} />}>
      Connect a provider of models to {purpose}: OpenAI, Anthropic, Google, or one of your own such as Ollama or vLLM.
    </EmptyState>
  );
}

/** To where providers are connected. */
export function ProvidersLink({ organization }: { organization: Organization }) {
  return (
    <ButtonLink to="/$organization/assistant/settings" params={{ organization: organization.slug }} variant="default">
      Providers and tools
    </ButtonLink>
  );
}
