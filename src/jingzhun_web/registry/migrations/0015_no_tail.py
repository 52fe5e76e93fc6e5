"""No last digits of document numbers in clear: beside a birth date they tell the whole number."""

from __future__ import annotations

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    """See the module's text."""

    dependencies = [
        ("registry", "0014_moved"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="person",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="person",
            name="delete_delete",
        ),
        migrations.RemoveField(
            model_name="person",
            name="document_tail",
        ),
        migrations.RemoveField(
            model_name="personevent",
            name="document_tail",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_personevent" ("allowance_status", "area", "birth_date", "change_date", "change_reason", "disability_class", "disability_grade", "document_index", "document_number", "document_type", "education", "ethnicity", "has_critical_illness", "has_disability_certificate", "has_employee_medical", "has_employee_pension", "has_resident_medical", "has_resident_pension", "has_skill_training", "health", "household_id", "id", "is_active_soldier", "is_point_to_point", "labour_ability", "marital_status", "monthly_pay_yuan", "name", "name_index", "not_in_school_reason", "period", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pinyin_index", "political_status", "public_post", "public_post_months", "record_state", "recorded_at", "relation", "sex", "shares_budget", "source", "speaks_mandarin", "special_hardship_status", "student_status", "transport_subsidy_yuan", "work_channel", "work_county_code", "work_employer", "work_end_date", "work_industry", "work_months", "work_place", "work_start_date") SELECT old_values."allowance_status", old_values."area", old_values."birth_date", old_values."change_date", old_values."change_reason", old_values."disability_class", old_values."disability_grade", old_values."document_index", old_values."document_number", old_values."document_type", old_values."education", old_values."ethnicity", old_values."has_critical_illness", old_values."has_disability_certificate", old_values."has_employee_medical", old_values."has_employee_pension", old_values."has_resident_medical", old_values."has_resident_pension", old_values."has_skill_training", old_values."health", old_values."household_id", old_values."id", old_values."is_active_soldier", old_values."is_point_to_point", old_values."labour_ability", old_values."marital_status", old_values."monthly_pay_yuan", old_values."name", old_values."name_index", old_values."not_in_school_reason", old_values."period", old_values."person_id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."pinyin_index", old_values."political_status", old_values."public_post", old_values."public_post_months", old_values."record_state", old_values."recorded_at", old_values."relation", old_values."sex", old_values."shares_budget", old_values."source", old_values."speaks_mandarin", old_values."special_hardship_status", old_values."student_status", old_values."transport_subsidy_yuan", old_values."work_channel", old_values."work_county_code", old_values."work_employer", old_values."work_end_date", old_values."work_industry", old_values."work_months", old_values."work_place", old_values."work_start_date" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="22701e6b86ede8ccf0a7c2356dc57ea8dccbaf37",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_56ba8",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="registry_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_personevent" ("allowance_status", "area", "birth_date", "change_date", "change_reason", "disability_class", "disability_grade", "document_index", "document_number", "document_type", "education", "ethnicity", "has_critical_illness", "has_disability_certificate", "has_employee_medical", "has_employee_pension", "has_resident_medical", "has_resident_pension", "has_skill_training", "health", "household_id", "id", "is_active_soldier", "is_point_to_point", "labour_ability", "marital_status", "monthly_pay_yuan", "name", "name_index", "not_in_school_reason", "period", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pinyin_index", "political_status", "public_post", "public_post_months", "record_state", "recorded_at", "relation", "sex", "shares_budget", "source", "speaks_mandarin", "special_hardship_status", "student_status", "transport_subsidy_yuan", "work_channel", "work_county_code", "work_employer", "work_end_date", "work_industry", "work_months", "work_place", "work_start_date") SELECT old_values."allowance_status", old_values."area", old_values."birth_date", old_values."change_date", old_values."change_reason", old_values."disability_class", old_values."disability_grade", old_values."document_index", old_values."document_number", old_values."document_type", old_values."education", old_values."ethnicity", old_values."has_critical_illness", old_values."has_disability_certificate", old_values."has_employee_medical", old_values."has_employee_pension", old_values."has_resident_medical", old_values."has_resident_pension", old_values."has_skill_training", old_values."health", old_values."household_id", old_values."id", old_values."is_active_soldier", old_values."is_point_to_point", old_values."labour_ability", old_values."marital_status", old_values."monthly_pay_yuan", old_values."name", old_values."name_index", old_values."not_in_school_reason", old_values."period", old_values."person_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."pinyin_index", old_values."political_status", old_values."public_post", old_values."public_post_months", old_values."record_state", old_values."recorded_at", old_values."relation", old_values."sex", old_values."shares_budget", old_values."source", old_values."speaks_mandarin", old_values."special_hardship_status", old_values."student_status", old_values."transport_subsidy_yuan", old_values."work_channel", old_values."work_county_code", old_values."work_employer", old_values."work_end_date", old_values."work_industry", old_values."work_months", old_values."work_place", old_values."work_start_date" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="b73eeac05ea7161f85b973429c041a38da24bb47",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_a3234",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="registry_person",
                    when="AFTER",
                ),
            ),
        ),
    ]
