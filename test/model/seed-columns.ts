/** The tables of the five systems that Tenon was made of, with their columns, as those systems named them. */
export const SYSTEMS: Record<string, Record<string, string>> = {
  "labeling-platform": {
    users: "id email name password_hash created_at last_login is_active",
    organizations: "id name created_at billing_account_id",
    user_organization: "user_id organization_id joined_at",
    roles: "id name description",
    user_roles: "user_id role_id organization_id",
    permissions: "id action description",
    role_permissions: "role_id permission_id",
    projects: "id organization_id name description status created_by created_at updated_at",
    datasets: "id project_id name storage_url metadata created_at",
    tasks: "id project_id dataset_id input_data assigned_to status created_at updated_at",
    labels: "id task_id user_id data status submitted_at updated_at",
    reviews: "id label_id reviewer_id status comment created_at",
    comments: "id label_id user_id content created_at parent_id",
    metrics: "id project_id user_id date approved_rate avg_rework_count tasks_completed",
    billing_accounts: "id organization_id stripe_customer_id plan seat_count billing_status created_at",
    invoices: "id billing_account_id amount period_start period_end status stripe_invoice_id created_at",
    audit_logs: "id user_id action target_type target_id timestamp details",
  },
  strive: {
    users: "id clerk_user_id email name avatar_url role subscription_tier is_active created_at updated_at",
    organizations: "id name slug description settings subscription_status billing_email created_at updated_at",
    organization_members: "id user_id organization_id role permissions joined_at created_at",
    customers: `id organization_id name email phone company status source tags custom_fields assigned_to created_at
      updated_at`,
    projects: `id organization_id customer_id name description status priority start_date due_date completion_date budget
      progress_percentage project_manager_id created_at updated_at`,
    tasks: `id project_id parent_task_id title description status priority assigned_to created_by due_date
      estimated_hours actual_hours tags position created_at updated_at`,
    ai_conversations: `id user_id organization_id title context_type context_id ai_model conversation_data usage_tokens
      is_archived created_at updated_at`,
    ai_tools: "id name description tool_type required_tier configuration is_active created_at updated_at",
    subscriptions: `id organization_id stripe_subscription_id stripe_customer_id status tier current_period_start
      current_period_end cancel_at_period_end metadata created_at updated_at`,
    usage_tracking: `id organization_id user_id resource_type resource_name usage_amount billing_period metadata
      created_at`,
    appointments: `id organization_id customer_id assigned_to title description start_time end_time status location
      meeting_url reminders_sent created_at updated_at`,
    content: `id organization_id title slug content_type content excerpt status author_id published_at seo_meta
      created_at updated_at`,
    activity_logs: `id organization_id user_id action resource_type resource_id old_data new_data ip_address user_agent
      created_at`,
  },
  nexa: {
    users: `id email password_hash first_name last_name full_name avatar_url timezone locale profile_data
      notification_settings status created_at updated_at deleted_at`,
    user_sessions: "session_token refresh_token expires_at ip_address user_agent",
    organizations: `id name slug domain logo_url brand_colors address tax_id billing_email plan_type subscription_status
      subscription_data usage_limits status`,
    organization_memberships: "user_id organization_id role permissions invited_by invited_at invitation_token status",
    organization_domains: "organization_id domain auto_join_role verification_required",
    ai_architecture_sessions: `id uuid user_id organization_id title client session_objects sow_objects loe_objects
      diagram_texts_json visual_assets_json session_type is_template tags created_at updated_at deleted_at`,
    usage_events: "organization_id user_id event_type event_data credits_consumed session_id",
    audit_logs: `organization_id user_id action resource_type resource_id old_values new_values ip_address user_agent`,
  },
  "label-suite": {
    users: "id username email hashed_password role is_active created_at",
    tasks: "id name description config dataset_id status deadline created_at",
    datasets: "id name task_type total_items created_at",
    dataset_items: "id dataset_id input_text position",
    dataset_answers: "id dataset_id item_id answer created_at",
    submissions: "id task_id user_id predictions status score metric rank created_at scored_at",
  },
  bizq: {
    workspaces: `id name slug plan subscription_status trial_ends_at credits_balance credits_used_this_month
      monthly_credit_limit timezone currency ai_preferences created_at updated_at deleted_at`,
    users: `id workspace_id email full_name avatar_url auth_user_id role permissions preferences last_active_at
      created_at updated_at`,
    tasks: `id workspace_id type category name description status priority input output error_details worker_type
      ai_model ai_provider processing_time_ms estimated_cost actual_cost cost_breakdown created_by assigned_to
      parent_task_id workflow_id depends_on blocks scheduled_for started_at completed_at created_at updated_at context
      tags quality_score user_feedback`,
    content_projects: `id workspace_id name description content_type status title content excerpt meta_description
      target_keywords seo_score readability_score publish_date published_urls ai_generated ai_model_used ai_prompt
      ai_generation_cost featured_image media_assets created_by assigned_to related_products campaign_id view_count
      engagement_metrics tags created_at updated_at`,
    analytics_events: `id workspace_id event_type event_name user_id session_id source properties revenue product_id
      customer_id order_id task_id occurred_at created_at`,
    workspace_dashboard: `workspace_id workspace_name plan credits_balance credits_used_this_month pending_tasks
      processing_tasks tasks_completed_today revenue_30d orders_today total_products active_products`,
    task_performance: `workspace_id task_type total_executions avg_processing_time avg_cost avg_quality_score
      success_rate date`,
  },
  "bizq-commerce": {
    stores: `id workspace_id name platform store_url credentials api_version status last_sync_at sync_status sync_error
      sync_settings created_at updated_at`,
    products: `id workspace_id store_id external_id sku name description short_description price compare_at_price
      cost_price currency inventory_quantity track_inventory product_type vendor category tags status published_at
      images featured_image seo_title seo_description handle has_variants variant_options ai_description_generated
      ai_images_generated ai_seo_optimized ai_last_enhanced_at platform_data created_at updated_at synced_at`,
    product_variants: `id workspace_id product_id external_id sku barcode option1 option2 option3 price
      compare_at_price cost_price inventory_quantity available weight weight_unit image_url created_at updated_at`,
    customers: `id workspace_id email first_name last_name phone date_of_birth gender addresses default_address
      total_orders total_spent average_order_value lifetime_value first_order_at last_order_at last_active_at status
      accepts_marketing customer_segment tags support_tickets support_satisfaction support_notes ai_insights
      customer_persona predicted_ltv churn_risk_score external_customer_ids created_at updated_at`,
    orders: `id workspace_id store_id customer_id external_id order_number total_amount subtotal_amount tax_amount
      shipping_amount discount_amount currency status fulfillment_status payment_status order_date shipped_date
      delivered_date shipping_address billing_address shipping_method tracking_number tracking_url line_items
      shipping_lines tax_lines discount_codes customer_email customer_phone customer_notes processed_by
      processing_notes requires_attention platform_data created_at updated_at synced_at`,
  },
};
