import { Button, Group, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { addressOf } from "../../../client/address.ts";
import { exportEntries } from "../../../modules/audit/contract.ts";
import { may, type Organization } from "../../lib/organization.ts";
import { type EntryFilter, entryQueryOf } from "../../lib/queries.ts";

/** Which days are shown, and what is shown as a file. Persons and things are chosen in the entries themselves. */
export function RecordFilters({ organization, filter }: { organization: Organization; filter: EntryFilter }) {
  const navigate = useNavigate();
  const show = (change: EntryFilter) =>
    navigate({
      to: "/$organization/record",
      params: { organization: organization.slug },
      search: { ...filter, ...change },
    });
  return (
    <Group align="end" gap="sm">
      <TextInput
        type="date"
        label="From"
        value={filter.from_day ?? ""}
        onChange={({ currentTarget }) => show({ from_day: currentTarget.value || undefined })}
      />
      <TextInput
        type="date"
        label="To"
        value={filter.to_day ?? ""}
        onChange={({ currentTarget }) => show({ to_day: currentTarget.value || undefined })}
      />
      {may(organization, exportEntries) && (
        <Button component="a" variant="default" href={downloadOf(organization, filter)} download>
          Download as CSV
        </Button>
      )}
    </Group>
  );
}

function downloadOf({ slug }: Organization, filter: EntryFilter): string {
  return addressOf(exportEntries, {
    params: { organization: slug },
    query: { ...entryQueryOf(filter), format: "csv" },
  });
}
