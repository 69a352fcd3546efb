import { Button, Menu } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import type { Organization } from "../../lib/organization.ts";

type Props = { current: Organization; organizations: Organization[] };

/** Goes from one organization to another, or makes a new one. */
export function OrganizationSwitcher({ current, organizations }: Props) {
  const navigate = useNavigate();
  return (
    <Menu position="bottom-start" width="target">
      <Menu.Target>
        <Button
          variant="default"
          fullWidth
          justify="space-between"
          rightSection={<span aria-hidden="true">▾</span>}
          styles={{ label: { display: "block", height: "auto", textOverflow: "ellipsis" } }}
          aria-label={`Organization: ${current.name}`}
        >
          {current.name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {organizations.map(({ id, name, slug }) => (
          <Menu.Item
            key={id}
            aria-current={id === current.id}
            fw={id === current.id ? 600 : 400}
            onClick={() => navigate({ to: "/$organization", params: { organization: slug } })}
          >
            {name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => navigate({ to: "/", search: { all: true } })}>All organizations</Menu.Item>
        <Menu.Item onClick={() => navigate({ to: "/new" })}>New organization</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
