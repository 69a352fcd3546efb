import { Text } from "@mantine/core";
import { OrganizationForm } from "../../forms/organizations/OrganizationForm.tsx";
import { DoorPage } from "../../ui/DoorPage.tsx";
import { AnchorLink } from "../../ui/links.tsx";

export function NewOrganizationPage() {
  return (
    <DoorPage
      title="New organization"
      description="You become its owner. Others come by invitation."
      below={
        <Text size="sm">
          <AnchorLink to="/">Your organizations</AnchorLink>
        </Text>
      }
    >
      <OrganizationForm />
    </DoorPage>
  );
}
